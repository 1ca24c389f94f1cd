#include "recipe/embed.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "elf/elf_edit.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "recipe/recipe.h"
#include "recipe/typedata.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;

class EmbedTest : public testing::Test {
 protected:
  EmbedTest() {
    build_library(file("libsmall.so"), small_source);
    fs::create_directories(file("pair"));
    find_recipe("conventional")->make(file("libsmall.so"), {main_, debug_}, scratch_.path());
  }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }
  std::string error_of(const fs::path& main, const fs::path& debug) const {
    return message_of([&] { embed_typedata(main, debug, file("out.so")); });
  }
  ScratchDirectory scratch_;
  fs::path main_ = scratch_.path() / "pair/libsmall.so";
  fs::path debug_ = scratch_.path() / "pair/libsmall.so.debug";
};

TEST_F(EmbedTest, main_and_debug_of_both_recipes_differ_in_one_section_alone) {
  fs::create_directories(file("typed"));
  const Pair typed{file("typed/libsmall.so"), file("typed/libsmall.so.debug")};
  find_recipe("typedata")->make(file("libsmall.so"), typed, scratch_.path());
  EXPECT_EQ(file_bytes(typed.debug), file_bytes(debug_));
  const ElfFile with = ElfFile::open(typed.main);
  const ElfFile without = ElfFile::open(main_);
  ASSERT_EQ(with.sections().size(), without.sections().size() + 1);
  ASSERT_NE(with.section(".gnu_typedata"), nullptr);
  EXPECT_FALSE(with.section(".gnu_typedata")->allocated());
  // Taking it out again gives the conventional main, byte by byte.
  ElfEdit edit(with);
  edit.remove_section(".gnu_typedata");
  EXPECT_EQ(edit.bytes(), file_bytes(main_));
}

TEST_F(EmbedTest, embedding_gives_what_splitting_gives) {
  fs::create_directories(file("typed"));
  const Pair typed{file("typed/libsmall.so"), file("typed/libsmall.so.debug")};
  const TypedataResult split = make_typedata_pair(file("libsmall.so"), typed, scratch_.path());
  const Embedded embedded = embed_typedata(main_, debug_, file("out.so"));
  EXPECT_EQ(embedded.typedata.coverage.functions_typed, 4U);
  EXPECT_EQ(embedded.typedata.coverage.objects_typed, 2U);
  EXPECT_THAT(embedded.typedata.coverage.untyped, testing::IsEmpty());
  EXPECT_EQ(embedded.typedata.section, split.section);
  EXPECT_EQ(file_bytes(file("out.so")), file_bytes(typed.main));
}

TEST_F(EmbedTest, in_place_keeps_the_mode_and_may_be_repeated) {
  ASSERT_EQ(chmod(main_.c_str(), 0754), 0);
  fs::create_hard_link(main_, file("other-name.so"));
  const std::vector<std::byte> before = file_bytes(main_);
  const Embedded first = embed_typedata(main_, debug_, main_);
  EXPECT_FALSE(first.replaced);
  EXPECT_EQ(first.other_names, 1U);
  EXPECT_EQ(file_bytes(file("other-name.so")), before);
  EXPECT_EQ(static_cast<unsigned>(fs::status(main_).permissions()), 0754U);
  const std::vector<std::byte> once = file_bytes(main_);
  const Embedded second = embed_typedata(main_, debug_, main_);
  EXPECT_TRUE(second.replaced);
  EXPECT_EQ(second.other_names, 0U);
  EXPECT_EQ(file_bytes(main_), once);
}

TEST_F(EmbedTest, types_dwarf_has_the_same_types_as_standard_sections) {
  fs::create_directories(file("types"));
  const Pair types{file("types/libsmall.so"), file("types/libsmall.so.debug")};
  find_recipe("types-dwarf")->make(file("libsmall.so"), types, scratch_.path());
  const ElfFile main = ElfFile::open(types.main);
  EXPECT_TRUE(main.has_dwarf());
  EXPECT_EQ(file_bytes(types.debug), file_bytes(debug_));
  EXPECT_THAT(run({"readelf", "--debug-dump=no-follow-links", "--debug-dump=info", types.main}),
              AllOf(HasSubstr("move_shape"), testing::Not(HasSubstr("hidden_helper"))));
}

TEST_F(EmbedTest, refuses_what_does_not_belong_together) {
  build_library(file("libother.so"), std::string(small_source) + "int more(void) { return 1; }");
  const Pair other{file("other.so"), file("other.debug")};
  find_recipe("conventional")->make(file("libother.so"), other, scratch_.path());
  EXPECT_THAT(error_of(main_, other.debug),
              AllOf(HasSubstr("other.debug: is not the debug file of"), HasSubstr("build-id")));
  EXPECT_THAT(error_of(file("libsmall.so"), debug_), HasSubstr("splitstrip split"));
  EXPECT_THAT(error_of(debug_, debug_), HasSubstr("is a debug file without code"));
  EXPECT_THAT(error_of(main_, main_), HasSubstr("holds no DWARF"));
  EXPECT_THAT(error_of(main_, file("missing.debug")), HasSubstr("no such file"));
  EXPECT_FALSE(fs::exists(file("out.so")));
  EXPECT_THAT(message_of([&] { embed_typedata(main_, debug_, debug_); }),
              HasSubstr("is the debug file itself"));
}

}  // namespace
}  // namespace splitstrip
