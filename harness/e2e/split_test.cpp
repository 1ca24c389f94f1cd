// `split` and `embed` as a user runs them: what they write, what they say, and that an interruption
// leaves nothing behind.
#include <csignal>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "e2e/tool.h"
#include "elf/elf_file.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;

class Split : public testing::Test {
 protected:
  Split() { build_library(file("libsmall.so"), small_source); }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }
  static std::size_t files_in(const fs::path& directory) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
  }
  ScratchDirectory scratch_;
};

TEST_F(Split, says_what_it_wrote_and_what_is_typed) {
  const ProgramEnd end = splitstrip_program({"split", file("libsmall.so"), "-o", file("out")});
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_THAT(end.output, AllOf(HasSubstr("libsmall.so.debug"), HasSubstr(".gnu_typedata is "),
                                HasSubstr("4 of 4 exported functions typed, 2 of 2 objects")));
  EXPECT_EQ(files_in(file("out")), 2U);
  EXPECT_NE(ElfFile::open(file("out/libsmall.so")).section(".gnu_typedata"), nullptr);
}

TEST_F(Split, every_recipe_can_be_named_and_no_other) {
  for (const char* recipe : {"conventional", "typedata", "types-dwarf", "kept-dwarf",
                             "kept-dwarf-nobits", "leftover-strings"}) {
    const ProgramEnd end =
        splitstrip_program({"split", file("libsmall.so"), "-o", file(recipe), "--recipe", recipe});
    EXPECT_EQ(end.status, 0) << recipe << ": " << end.errors;
    EXPECT_EQ(files_in(file(recipe)), 2U);
  }
  const ProgramEnd end =
      splitstrip_program({"split", file("libsmall.so"), "-o", file("no"), "--recipe", "no"});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, HasSubstr("no such recipe; there are conventional, typedata"));
  EXPECT_FALSE(fs::exists(file("no")));
}

TEST_F(Split, the_same_input_gives_the_same_bytes) {
  for (const char* out : {"one", "two"})
    EXPECT_EQ(splitstrip_program({"split", file("libsmall.so"), "-o", file(out)}).status, 0);
  EXPECT_EQ(file_bytes(file("one/libsmall.so")), file_bytes(file("two/libsmall.so")));
  EXPECT_EQ(file_bytes(file("one/libsmall.so.debug")), file_bytes(file("two/libsmall.so.debug")));
}

TEST_F(Split, never_writes_over_its_input) {
  const std::vector<std::byte> before = file_bytes(file("libsmall.so"));
  const ProgramEnd end = splitstrip_program({"split", file("libsmall.so"), "-o", scratch_.path()});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, HasSubstr("would be overwritten"));
  EXPECT_EQ(file_bytes(file("libsmall.so")), before);
}

TEST_F(Split, a_missing_eu_strip_is_named_with_its_package) {
  ASSERT_EQ(setenv("PATH", "/nonexistent", 1), 0);
  const ProgramEnd end = splitstrip_program({"split", file("libsmall.so"), "-o", file("out")});
  ASSERT_EQ(setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1), 0);
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, HasSubstr("eu-strip: not found; install package elfutils"));
  EXPECT_FALSE(fs::exists(file("out")));
}

TEST_F(Split, embed_gives_what_split_gives) {
  for (const auto& [recipe, out] :
       {std::pair{"conventional", "conventional"}, {"typedata", "typed"}})
    EXPECT_EQ(
        splitstrip_program({"split", file("libsmall.so"), "-o", file(out), "--recipe", recipe})
            .status,
        0);
  const fs::path main = file("conventional/libsmall.so");
  fs::create_hard_link(main, file("other-name.so"));
  const ProgramEnd first =
      splitstrip_program({"embed", main, "--debug", file("conventional/libsmall.so.debug")});
  EXPECT_EQ(first.status, 0) << first.errors;
  EXPECT_THAT(first.output, HasSubstr("1 other name (hard link) of this file keeps the old"));
  EXPECT_EQ(file_bytes(main), file_bytes(file("typed/libsmall.so")));
  const ProgramEnd again =
      splitstrip_program({"embed", main, "--debug", file("conventional/libsmall.so.debug")});
  EXPECT_THAT(again.output, HasSubstr("its .gnu_typedata replaced"));
  EXPECT_EQ(file_bytes(main), file_bytes(file("typed/libsmall.so")));
  EXPECT_EQ(files_in(file("conventional")), 2U);
}

// An eu-strip that never ends stands in for a library that takes long.
TEST_F(Split, an_interruption_leaves_no_file_and_no_process) {
  fs::create_directories(file("bin"));
  write_file(file("bin/eu-strip"),
             "#!/bin/sh\necho $$ > \"" + file("pid").string() + "\"\nexec sleep 1000\n", 0777);
  const std::string path = file("bin").string() + ":/usr/bin:/bin";
  const pid_t child = fork();
  if (child == 0) {
    setenv("PATH", path.c_str(), 1);
    execl(SPLITSTRIP_BINARY, "splitstrip", "split", file("libsmall.so").c_str(), "-o",
          file("out").c_str(), nullptr);
    _exit(99);
  }
  pid_t strip = 0;
  for (int i = 0; i < 500 && strip == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::ifstream(file("pid")) >> strip;
  }
  ASSERT_NE(strip, 0);
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGINT);
  EXPECT_TRUE(!fs::exists(file("out")) || fs::is_empty(file("out")));
  bool gone = false;
  for (int i = 0; i < 100 && !gone; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::ifstream state(fmt::format("/proc/{}/stat", strip));
    std::string word;
    // A killed process without a parent to wait for it is as good as gone.
    gone = !state || !(state >> word >> word >> word) || word == "Z";
  }
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace splitstrip
