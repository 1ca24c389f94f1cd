#include "recipe/recipe.h"

#include <algorithm>
#include <csignal>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "elf/elf_file.h"
#include "elf/identity.h"
#include "elf/symbols.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "recipe/conventional.h"
#include "recipe/publish.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using namespace testing_support;

class RecipeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<ScratchDirectory>();
    build_library(unstripped(), small_source, {"-gctf"});
  }
  static void TearDownTestSuite() { scratch_.reset(); }
  static fs::path file(const std::string& name) { return scratch_->path() / name; }
  static fs::path unstripped() { return file("libsmall.so"); }
  // In a directory of its own, which is made.
  static Pair pair(const std::string& name) {
    fs::create_directories(file(name));
    return {file(name) / "libsmall.so", file(name) / "libsmall.so.debug"};
  }
  static Pair make(const std::string& recipe) {
    const Pair result = pair(recipe);
    find_recipe(recipe)->make(unstripped(), result, scratch_->path());
    return result;
  }
  static std::set<std::string> debug_sections(const ElfFile& elf) {
    std::set<std::string> names;
    for (const Section& section : elf.sections())
      if (section.name.starts_with(".debug") && !section.nobits()) names.emplace(section.name);
    return names;
  }
  static std::size_t files_in(const fs::path& directory) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
  }
  // What a running program sees is the same.
  static void expect_loaded_alike(const ElfFile& a, const ElfFile& b) {
    for (const Section& section : a.sections()) {
      if (!section.allocated() || section.nobits()) continue;
      const Section* other = b.section(section.name);
      ASSERT_NE(other, nullptr) << section.name;
      EXPECT_EQ(section.header.sh_addr, other->header.sh_addr);
      EXPECT_TRUE(std::ranges::equal(a.raw(section), b.raw(*other))) << section.name;
    }
  }
  static void expect_a_whole_pair(const Pair& pair) {
    const ElfFile main = ElfFile::open(pair.main);
    const ElfFile debug = ElfFile::open(pair.debug);
    const ElfFile original = ElfFile::open(unstripped());
    expect_loaded_alike(original, main);
    EXPECT_EQ(build_id(main)->hex(), build_id(original)->hex());
    EXPECT_EQ(build_id(debug)->hex(), build_id(original)->hex());
    ASSERT_TRUE(debug_link(main).has_value());
    EXPECT_EQ(debug_link(main)->file_name, "libsmall.so.debug");
    EXPECT_EQ(debug_link(main)->crc, debug_link_crc(debug.bytes()));
    EXPECT_EQ(main.section(".symtab"), nullptr);
    EXPECT_EQ(main.section(".comment"), nullptr);
    EXPECT_NE(debug.section(".symtab"), nullptr);
  }

  static std::unique_ptr<ScratchDirectory> scratch_;
};
std::unique_ptr<ScratchDirectory> RecipeTest::scratch_;

TEST_F(RecipeTest, every_recipe_has_a_name_of_its_own_and_says_what_it_keeps) {
  std::set<std::string_view> names;
  for (const Recipe& recipe : all_recipes()) {
    EXPECT_TRUE(names.insert(recipe.name).second) << recipe.name;
    EXPECT_FALSE(recipe.keeps.empty());
    EXPECT_FALSE(recipe.expected.empty());
    ASSERT_TRUE(find_recipe(recipe.name).has_value());
    EXPECT_EQ(find_recipe(recipe.name)->keeps, recipe.keeps);
    EXPECT_THAT(recipe_names(), HasSubstr(recipe.name));
  }
  EXPECT_FALSE(find_recipe("no-such").has_value());
}

TEST_F(RecipeTest, no_recipe_changes_its_input_or_what_is_loaded_or_leaves_scratch) {
  const std::vector<std::byte> before = file_bytes(unstripped());
  for (const Recipe& recipe : all_recipes()) {
    SCOPED_TRACE(recipe.name);
    expect_a_whole_pair(make(std::string(recipe.name)));
    EXPECT_EQ(files_in(file(std::string(recipe.name))), 2U);
    EXPECT_EQ(file_bytes(unstripped()), before);
  }
  for (const auto& entry : fs::directory_iterator(scratch_->path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".splitstrip")) << entry.path();
}

TEST_F(RecipeTest, conventional_moves_all_dwarf_to_the_debug_file) {
  const Pair made = make("conventional");
  EXPECT_THAT(debug_sections(ElfFile::open(made.main)), testing::IsEmpty());
  EXPECT_EQ(debug_sections(ElfFile::open(made.debug)), debug_sections(ElfFile::open(unstripped())));
}

TEST_F(RecipeTest, conventional_with_binutils_makes_as_good_a_pair) {
  const Pair wanted = pair("binutils");
  fs::create_directories(file("binutils-scratch"));
  publish(
      ConventionalStrip(unstripped(), "libsmall.so", file("binutils-scratch"), StripTool::binutils)
          .finish(),
      wanted);
  expect_a_whole_pair(wanted);
  EXPECT_EQ(debug_sections(ElfFile::open(wanted.debug)),
            debug_sections(ElfFile::open(unstripped())));
}

TEST_F(RecipeTest, kept_dwarf_keeps_units_in_main_and_a_whole_debug_file) {
  const Pair made = make("kept-dwarf");
  EXPECT_THAT(debug_sections(ElfFile::open(made.main)),
              testing::UnorderedElementsAre(".debug_info", ".debug_abbrev", ".debug_str"));
  EXPECT_EQ(file_bytes(made.debug), file_bytes(make("conventional").debug));
}

TEST_F(RecipeTest, kept_dwarf_nobits_hollows_the_debug_file) {
  const Pair made = make("kept-dwarf-nobits");
  EXPECT_TRUE(ElfFile::open(made.main).has_dwarf());
  EXPECT_FALSE(ElfFile::open(made.debug).has_dwarf());
  ASSERT_NE(ElfFile::open(made.debug).section(".debug_info"), nullptr);
}

TEST_F(RecipeTest, leftover_strings_leaves_nothing_that_can_answer) {
  const Pair made = make("leftover-strings");
  EXPECT_THAT(debug_sections(ElfFile::open(made.main)),
              testing::UnorderedElementsAre(".debug_abbrev", ".debug_str"));
  EXPECT_FALSE(ElfFile::open(made.main).has_dwarf());
}

TEST_F(RecipeTest, minidebug_has_types_and_function_symbols_in_gnu_debugdata) {
  const Pair made = make("minidebug");
  EXPECT_EQ(file_bytes(made.debug), file_bytes(make("conventional").debug));
  const ElfFile main = ElfFile::open(made.main);
  EXPECT_FALSE(main.has_dwarf());
  ASSERT_NE(main.section(".gnu_debugdata"), nullptr);
  const ElfFile inner = ElfFile::from_memory(
      unpack_typedata(main.raw(*main.section(".gnu_debugdata")), ".gnu_debugdata"), "inner");
  EXPECT_TRUE(inner.is_debug_file());
  EXPECT_EQ(build_id(inner)->hex(), build_id(main)->hex());
  EXPECT_THAT(debug_sections(inner),
              testing::UnorderedElementsAre(".debug_info", ".debug_abbrev", ".debug_str"));
  // What .dynsym has is not there again; what it has not is, in the section where it lies.
  std::vector<std::string_view> names;
  for (const Symbol& symbol : full_symbols(inner)) {
    EXPECT_TRUE(symbol.function()) << symbol.name;
    EXPECT_GE(symbol.value, inner.sections().at(symbol.section).header.sh_addr) << symbol.name;
    names.push_back(symbol.name);
  }
  EXPECT_THAT(names, testing::Contains("hidden_helper"));
  EXPECT_THAT(names, testing::Not(testing::Contains("move_shape")));
  write_bytes(file("inner"), unpack_typedata(main.raw(*main.section(".gnu_debugdata")), "inner"));
  EXPECT_THAT(run({"eu-elflint", "--gnu", "-d", file("inner")}), HasSubstr("No errors"));
}

TEST_F(RecipeTest, ctf_keeps_what_the_compiler_made) {
  const Pair made = make("ctf");
  const ElfFile main = ElfFile::open(made.main);
  const ElfFile original = ElfFile::open(unstripped());
  ASSERT_NE(main.section(".ctf"), nullptr);
  EXPECT_TRUE(
      std::ranges::equal(main.raw(*main.section(".ctf")), original.raw(*original.section(".ctf"))));
  EXPECT_THAT(debug_sections(main), testing::IsEmpty());
  build_library(file("libplain.so"), small_source);
  const Pair wanted = pair("no-ctf");
  EXPECT_THAT(
      message_of([&] { find_recipe("ctf")->make(file("libplain.so"), wanted, scratch_->path()); }),
      testing::AllOf(HasSubstr("has no .ctf"), HasSubstr("-gctf")));
}

TEST_F(RecipeTest, a_stripped_input_is_refused_with_the_way_out) {
  const Pair made = make("conventional");
  for (const Recipe& recipe : all_recipes()) {
    const Pair wanted = pair("refused");
    EXPECT_THAT(message_of([&] { recipe.make(made.main, wanted, scratch_->path()); }),
                testing::AllOf(HasSubstr("holds no DWARF"), HasSubstr("splitstrip embed")));
    EXPECT_THAT(message_of([&] { recipe.make(made.debug, wanted, scratch_->path()); }),
                HasSubstr("is a debug file"));
    EXPECT_EQ(files_in(file("refused")), 0U) << recipe.name;
  }
}

TEST_F(RecipeTest, a_full_disk_leaves_no_file) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  for (const Recipe& recipe : all_recipes()) {
    const Pair wanted = pair("full");
    rlimit small = before;
    small.rlim_cur = 3000;
    setrlimit(RLIMIT_FSIZE, &small);
    const std::string message =
        message_of([&] { recipe.make(unstripped(), wanted, scratch_->path()); });
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_THAT(message, testing::Not(testing::IsEmpty())) << recipe.name;
    EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
    EXPECT_EQ(files_in(file("full")), 0U) << recipe.name;
  }
}

TEST_F(RecipeTest, publish_replaces_both_or_neither) {
  write_file(file("made.so"), "main");
  write_file(file("made.debug"), "debug");
  fs::create_directories(file("published/main.so"));  // a directory: main cannot be written
  const Pair wanted{file("published/main.so"), file("published/main.debug")};
  EXPECT_THAT(message_of([&] {
                publish({file("made.so"), file("made.debug")}, wanted);
              }),
              HasSubstr("main.so: cannot be written"));
  EXPECT_FALSE(fs::exists(wanted.debug));
}

TEST_F(RecipeTest, names_that_look_like_options_are_names) {
  fs::copy_file(unstripped(), file("-f.so"));
  fs::create_directories(file("dash"));
  const fs::path before = fs::current_path();
  fs::current_path(scratch_->path());
  find_recipe("conventional")->make("-f.so", {file("dash/-f.so"), file("dash/-f.so.debug")}, ".");
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(file("dash/-f.so.debug")));
}

}  // namespace
}  // namespace splitstrip
