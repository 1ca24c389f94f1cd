#include "recipe/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_support;

class CommandRecipe : public testing::Test {
 protected:
  CommandRecipe() {
    build_library(file("libsmall.so"), small_source);
    fs::create_directories(file("pair"));
  }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }
  void make(const std::string& command) const {
    find_recipe("command:" + command)->make(file("libsmall.so"), pair_, scratch_.path());
  }
  std::string error_of(const std::string& command) const {
    std::string message = message_of([&] { make(command); });
    EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
    EXPECT_FALSE(fs::exists(pair_.main) || fs::exists(pair_.debug)) << command;
    for (const auto& entry : fs::directory_iterator(scratch_.path()))
      EXPECT_FALSE(entry.path().filename().string().starts_with(".splitstrip")) << entry.path();
    return message;
  }

  ScratchDirectory scratch_;
  Pair pair_{scratch_.path() / "pair/libsmall.so", scratch_.path() / "pair/libsmall.so.debug"};
};

TEST_F(CommandRecipe, makes_both_files_of_a_copy_of_the_input) {
  const auto before = file_bytes(file("libsmall.so"));
  make("eu-strip --remove-comment -f {debug} -o {main} {in}");
  fs::create_directories(file("conventional"));
  const Pair conventional{file("conventional/libsmall.so"), file("conventional/libsmall.so.debug")};
  find_recipe("conventional")->make(file("libsmall.so"), conventional, scratch_.path());
  EXPECT_EQ(file_bytes(pair_.main), file_bytes(conventional.main));
  EXPECT_EQ(file_bytes(pair_.debug), file_bytes(conventional.debug));

  make("sh -c 'cp {in} {debug} && mv {in} {main}'");
  EXPECT_EQ(file_bytes(file("libsmall.so")), before);
  EXPECT_EQ(file_bytes(pair_.main), before);
}

TEST_F(CommandRecipe, without_input_it_changes_the_conventional_pair) {
  make("objcopy --add-section .note.mine=/etc/hostname {main}");
  EXPECT_NE(ElfFile::open(pair_.main).section(".note.mine"), nullptr);
  EXPECT_TRUE(ElfFile::open(pair_.debug).has_dwarf());
  if (!program_exists("dwz")) GTEST_SKIP() << "package dwz is not installed";
  make("dwz {debug}");
  EXPECT_TRUE(ElfFile::open(pair_.debug).has_dwarf());
}

TEST_F(CommandRecipe, has_a_scratch_directory_to_work_in) {
  make(
      "sh -c 'test \"$PWD\" = {scratch} && touch here && test -e {scratch}/here && "
      "objcopy --strip-debug {main}'");
  EXPECT_TRUE(fs::exists(pair_.main));
}

TEST_F(CommandRecipe, says_what_went_wrong) {
  EXPECT_THAT(error_of("no-such-strip {in} {main} {debug}"),
              HasSubstr("no-such-strip: not found in PATH"));
  EXPECT_THAT(error_of("sh -c 'echo cannot >&2; exit 3' {main}"),
              AllOf(HasSubstr("sh: failed on libsmall.so"), HasSubstr("cannot")));
  EXPECT_THAT(error_of("sh -c 'exit 3' {main}"), HasSubstr("exit status 3"));
  EXPECT_THAT(error_of("sh -c 'kill -SEGV $$' {main}"), HasSubstr("killed by signal 11"));
  EXPECT_THAT(error_of("cp {in} {main} "), HasSubstr("does not say where the debug file goes"));
  EXPECT_THAT(error_of("sh -c 'cp {in} {main}' {debug}"),
              HasSubstr("ended well but made no file {debug}"));
  EXPECT_THAT(error_of("sh -c 'ln -s /dev/zero {main}' {in} {debug}"),
              HasSubstr("made no file {main}"));
  EXPECT_THAT(error_of("sh -c 'echo text > {main}'"),
              AllOf(HasSubstr("what it made as {main} is no library"), HasSubstr("not an ELF")));
}

TEST_F(CommandRecipe, ends_a_command_that_hangs) {
  EXPECT_THAT(message_of([&] {
                make_by_command({"sh", "-c", "sleep 1000", "{main}"}, std::chrono::milliseconds(50),
                                file("libsmall.so"), pair_, scratch_.path());
              }),
              HasSubstr("sh: still running"));
  EXPECT_FALSE(fs::exists(pair_.main));
}

TEST_F(CommandRecipe, is_refused_before_anything_runs_where_its_words_make_no_sense) {
  EXPECT_THAT(error_of(""), HasSubstr("names no program"));
  EXPECT_THAT(error_of("'' {main}"), HasSubstr("names no program"));
  EXPECT_THAT(error_of("strip 'a"), HasSubstr("is not closed"));
  EXPECT_THAT(error_of("true"), HasSubstr("does not say where"));
  EXPECT_THAT(error_of("./strip {main}"), HasSubstr("give the whole path of ./strip"));
  const Recipe recipe = *find_recipe("command:true {main}");
  EXPECT_EQ(recipe.name, "command:true {main}");
  EXPECT_THAT(recipe.keeps, HasSubstr("true"));
}

}  // namespace
}  // namespace splitstrip
