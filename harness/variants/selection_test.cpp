#include "variants/selection.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "subject/fixture.h"
#include "variants/cover.h"

namespace splitstrip {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;
using testing_support::message_of;

std::vector<std::string> names(const std::vector<Form>& forms) {
  std::vector<std::string> result;
  for (const Form& form : forms) result.push_back(form.name());
  return result;
}

// Written without a look at how the rows are found: every word that a row has, and by brute force
// over everything that can be, every pair of words that some form of some fixture has.
using Pairs = std::set<std::pair<std::string, std::string>>;

std::vector<std::string> words_of(const Form& form) {
  std::vector<std::string> words{"fixture " + form.fixture};
  for (std::size_t axis = 0; axis < form.levels.size(); ++axis)
    words.emplace_back(
        all_axes()[axis].levels.at(static_cast<std::size_t>(form.levels[axis])).word);
  return words;
}

void add_pairs(const Form& form, Pairs& pairs) {
  const auto words = words_of(form);
  for (const std::string& a : words)
    for (const std::string& b : words)
      if (a < b) pairs.emplace(a, b);
}

bool can_be(const FixtureForms& forms, const Levels& levels) {
  const Exclusions general(all_exclusions());
  const Exclusions own(forms.never);
  return general.against(levels) == nullptr && own.against(levels) == nullptr;
}

// What differs from the base in the two levels of the pair, and then, for pairs that need a third
// (dwp of gcc needs DWARF 4), in any third.
Pairs possible_pairs(const std::vector<FixtureForms>& fixtures) {
  Pairs pairs;
  const Exclusions general(all_exclusions());
  for (const FixtureForms& forms : fixtures) {
    const Exclusions own(forms.never);
    std::vector<std::pair<std::size_t, int>> levels;
    for (const std::size_t axis : forms.axes)
      for (std::size_t level = 0; level < all_axes()[axis].levels.size(); ++level)
        levels.emplace_back(axis, static_cast<int>(level));
    for (const auto& [a, i] : levels)
      for (const auto& [b, j] : levels)
        for (const auto& [c, k] : levels) {
          Form form{forms.fixture, base_levels()};
          form.levels[c] = k;
          form.levels[b] = j;
          form.levels[a] = i;
          if (general.against(form.levels) != nullptr || own.against(form.levels) != nullptr)
            continue;
          const std::string words[]{
              "fixture " + forms.fixture,
              std::string(all_axes()[a].levels[static_cast<std::size_t>(i)].word),
              std::string(all_axes()[b].levels[static_cast<std::size_t>(j)].word)};
          for (const std::string& x : words)
            for (const std::string& y : words)
              if (x < y && (a != b || i == j)) pairs.emplace(x, y);
        }
  }
  return pairs;
}

TEST(Selection, the_default_has_every_pair_of_levels) {
  const std::vector<FixtureForms> fixtures = fixture_forms();
  const std::vector<Form> forms = default_forms(fixtures);
  Pairs covered;
  for (const Form& form : forms) add_pairs(form, covered);
  const std::string machines[]{"aarch64", "ppc64le", "s390x", "i686", "riscv64"};
  std::size_t checked = 0;
  for (const auto& [a, b] : possible_pairs(fixtures)) {
    // A machine is a factor of its own, for the fixtures that say so.
    if (std::ranges::find(machines, a) != std::end(machines) ||
        std::ranges::find(machines, b) != std::end(machines))
      continue;
    EXPECT_TRUE(covered.contains({a, b})) << a << " with " << b;
    ++checked;
  }
  EXPECT_GT(checked, 500U);
  for (const std::string& machine : machines) {
    for (const std::string fixture : {"fixture types", "fixture calls"})
      EXPECT_TRUE(covered.contains(std::minmax(fixture, machine))) << machine;
  }
  const auto as_they_are = std::ranges::count(forms, base_levels(), &Form::levels);
  EXPECT_LE(std::ssize(forms) - as_they_are, 64);
  std::set<std::string> once;
  for (const Form& form : forms) EXPECT_TRUE(once.insert(form.name()).second) << form.name();
}

TEST(Selection, no_row_is_one_that_cannot_be) {
  const std::vector<FixtureForms> fixtures = fixture_forms();
  for (const Form& form : default_forms(fixtures)) {
    const auto of = std::ranges::find(fixtures, form.fixture, &FixtureForms::fixture);
    ASSERT_NE(of, fixtures.end());
    EXPECT_TRUE(can_be(*of, form.levels)) << form.name();
    EXPECT_EQ(parse_form(fixtures, form.name()).levels, form.levels);
  }
}

TEST(Selection, it_is_the_same_every_time) {
  const std::vector<FixtureForms> fixtures = fixture_forms();
  EXPECT_EQ(names(default_forms(fixtures)), names(default_forms(fixtures)));
}

TEST(Selection, all_has_the_base_each_level_alone_and_the_default) {
  const std::vector<FixtureForms> fixtures = fixture_forms();
  const auto all = names(select_forms(fixtures, std::vector<std::string>{"types"}, "all"));
  for (const char* name : {"types", "types@clang", "types@dwarf2", "types@zstd", "types@riscv64"})
    EXPECT_THAT(all, Contains(name));
  for (const Form& form : default_forms(fixtures))
    EXPECT_TRUE(form.fixture != "types" || std::ranges::find(all, form.name()) != all.end());
}

TEST(Selection, words_select) {
  const std::vector<FixtureForms> fixtures = fixture_forms();
  const std::vector<std::string> two{"types", "cxxclass"};
  EXPECT_EQ(names(select_forms(fixtures, two, "none")), two);
  EXPECT_THAT(names(select_forms(fixtures, two, "clang-O0")),
              testing::ElementsAre("types@clang-O0", "cxxclass@clang-O0"));
  EXPECT_THAT(names(select_forms(fixtures, two, "s390x")), testing::ElementsAre("types@s390x"));
  EXPECT_THAT(names(select_forms(fixtures, two, "default")),
              Each(testing::ContainsRegex("^(types|cxxclass)")));
  EXPECT_THAT(message_of([&] { select_forms(fixtures, two, "defualt"); }),
              HasSubstr("no form of DWARF"));
  EXPECT_THAT(
      message_of([&] { select_forms(fixtures, std::vector<std::string>{"cxxclass"}, "s390x"); }),
      HasSubstr("no fixture has this variant"));
  EXPECT_THAT(message_of([&] { parse_form(fixtures, "types@clang-typeunits"); }),
              HasSubstr("never"));
}

TEST(Cover, three_factors_of_three_need_nine_rows) {
  const auto rows = covering_rows({3, 3, 3}, [](const auto&) { return true; });
  EXPECT_LE(rows.size(), 10U);
  EXPECT_GE(rows.size(), 9U);
}

TEST(Cover, what_cannot_be_is_left_out) {
  // Level 1 of the first goes with level 1 of the last alone.
  const auto possible = [](const std::vector<int>& row) {
    return !(row[0] == 1 && row[2] != 1 && row[2] != -1);
  };
  const auto rows = covering_rows({2, 2, 3}, possible);
  std::set<std::pair<int, int>> seen;
  for (const auto& row : rows) {
    EXPECT_TRUE(possible(row));
    EXPECT_THAT(row, Each(testing::Ge(0)));
    seen.emplace(row[0], row[2]);
  }
  EXPECT_THAT(seen, SizeIs(4U));
}

}  // namespace
}  // namespace splitstrip
