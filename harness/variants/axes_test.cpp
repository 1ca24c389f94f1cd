#include "variants/axes.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"

namespace splitstrip {
namespace {

using testing::HasSubstr;
using testing_support::message_of;

TEST(Axes, words_are_unique_and_can_stand_in_a_name) {
  std::set<std::string_view> words;
  for (const Axis& axis : all_axes()) {
    EXPECT_GE(axis.levels.size(), 2U) << axis.name;
    for (const Level& level : axis.levels) {
      EXPECT_TRUE(words.insert(level.word).second) << level.word;
      EXPECT_EQ(level.word.find_first_of("-@ "), std::string_view::npos) << level.word;
    }
  }
}

TEST(Axes, exclusions_name_known_words) {
  EXPECT_NO_THROW(Exclusions{all_exclusions()});
  const std::vector<Exclusion> unknown{{{{"dwarf9"}}, "why"}};
  EXPECT_THAT(message_of([&] { Exclusions{unknown}; }), HasSubstr("dwarf9"));
}

TEST(Axes, names_are_read_as_they_are_written) {
  EXPECT_EQ(variant_name(base_levels()), "");
  for (const char* name : {"clang", "clang-O0-dwarf4-zlib", "s390x", "Os-dwarf2-lto-dwz"})
    EXPECT_EQ(variant_name(parse_variant(name)), name);
  EXPECT_EQ(variant_name(parse_variant("zlib-O0-clang")), "clang-O0-zlib");
  EXPECT_EQ(variant_name(parse_variant("gcc-O2")), "");
}

TEST(Axes, what_cannot_be_says_why) {
  const auto error_of = [](const char* name) { return message_of([&] { parse_variant(name); }); };
  EXPECT_THAT(error_of("clang-O7"), HasSubstr("\"O7\" is no form of DWARF"));
  EXPECT_THAT(error_of(""), HasSubstr("\"\" is no form of DWARF"));
  EXPECT_THAT(error_of("O0-Os"), HasSubstr("says the optimisation twice"));
  EXPECT_THAT(error_of("dwarf2-dwo"), HasSubstr("split DWARF came with DWARF 4"));
  EXPECT_THAT(error_of("s390x-zlib"), HasSubstr("cross compilers"));
}

TEST(Axes, an_exclusion_needs_a_word_of_each_group) {
  const Exclusions rules(all_exclusions());
  Levels levels(all_axes().size(), no_level);
  levels[axis_index("sharing")] = 1;   // dwz
  levels[axis_index("compiler")] = 1;  // clang
  EXPECT_EQ(rules.against(levels), nullptr);
  levels[axis_index("dwarf")] = 0;
  ASSERT_NE(rules.against(levels), nullptr);
  EXPECT_THAT(*rules.against(levels), HasSubstr(".debug_addr"));
}

}  // namespace
}  // namespace splitstrip
