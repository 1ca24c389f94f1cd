#include "facts/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "facts/error.h"
#include "facts/fact_file.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using Facts = std::vector<Fact>;

class Compare : public testing::Test {
 protected:
  Compare() : directory_(fs::path(testing::TempDir()) / ("facts" + std::to_string(getpid()))) {
    fs::create_directories(directory_);
  }
  ~Compare() override { fs::remove_all(directory_); }

  fs::path file(const std::string& query, const Facts& facts, std::size_t memory = 1 << 20) {
    FactCollector collector(directory_, memory);
    for (const auto& fact : facts) collector.add(query, fact.key, fact.value);
    return collector.finish(query).file;
  }

  Comparison of(const Facts& reference, const Facts& candidate, const Facts& withheld) {
    return compare(file("reference", reference), file("candidate", candidate),
                   file("withheld", withheld));
  }

  fs::path directory_;
};

TEST_F(Compare, equal_lists_are_the_same_and_evidence_is_what_the_control_lacks) {
  const auto result = of({{"b", "2"}, {"a", "1"}}, {{"a", "1"}, {"b", "2"}}, {{"a", "1"}});
  EXPECT_EQ(result.facts, 2U);
  EXPECT_EQ(result.same, 2U);
  EXPECT_EQ(result.evidence, 1U);
  EXPECT_TRUE(result.differences.empty());
}

TEST_F(Compare, a_control_that_answers_differently_is_evidence) {
  EXPECT_EQ(of({{"a", "1"}}, {{"a", "1"}}, {{"a", "??"}}).evidence, 1U);
  EXPECT_EQ(of({{"a", "1"}}, {{"a", "1"}}, {{"a", "1"}}).evidence, 0U);
}

TEST_F(Compare, tells_changed_lost_and_gained_apart) {
  const auto result =
      of({{"changed", "1"}, {"lost", "1"}}, {{"changed", "2"}, {"gained", "1"}}, {});
  EXPECT_EQ(result.changed, 1U);
  EXPECT_EQ(result.lost, 1U);
  EXPECT_EQ(result.gained, 1U);
  ASSERT_EQ(result.differences.size(), 3U);
  EXPECT_EQ(result.differences[0].key, "changed");
  EXPECT_EQ(result.differences[0].reference, "1");
  EXPECT_EQ(result.differences[0].candidate, "2");
  EXPECT_EQ(result.differences[1].reference, std::nullopt);
  EXPECT_EQ(result.differences[2].candidate, std::nullopt);
}

TEST_F(Compare, counts_facts_that_were_told_twice) {
  const auto result =
      of({{"a", "1"}, {"a", "1"}, {"a", "2"}}, {{"a", "1"}, {"a", "2"}}, {{"a", "1"}});
  EXPECT_EQ(result.same, 2U);
  EXPECT_EQ(result.lost, 1U);
  EXPECT_EQ(result.evidence, 2U);
}

TEST_F(Compare, a_key_that_is_the_beginning_of_another_is_another_key) {
  const auto result = of({{"a", "1"}, {"a\x01", "1"}, {"a b", "1"}, {"ab", "1"}},
                         {{"a", "1"}, {"ab", "1"}, {"a\x01", "1"}, {"a b", "2"}}, {});
  EXPECT_EQ(result.same, 3U);
  EXPECT_EQ(result.changed, 1U);
}

TEST_F(Compare, keeps_bytes_that_would_break_a_line) {
  const std::string odd = "tab\there\nand \\ there\r";
  const auto result = of({{odd, odd}}, {{odd, "x"}}, {});
  ASSERT_EQ(result.differences.size(), 1U);
  EXPECT_EQ(result.differences[0].key, odd);
  EXPECT_EQ(result.differences[0].reference, odd);
}

TEST_F(Compare, keeps_the_first_hundred_differences) {
  Facts many;
  for (int i = 1000; i < 2000; ++i) many.push_back({std::to_string(i), "x"});
  const auto result = of(many, {}, {});
  EXPECT_EQ(result.lost, 1000U);
  ASSERT_EQ(result.differences.size(), Comparison::kept_differences);
  EXPECT_EQ(result.differences.back().key, "1099");
}

TEST_F(Compare, spilled_lists_come_out_as_held_ones) {
  Facts facts;
  for (int i = 0; i < 5000; ++i)
    facts.push_back({std::to_string((i * 7919) % 5000), std::to_string(i)});
  const auto held = file("held", facts), spilled = file("spilled", facts, 10'000);
  FactReader a(held), b(spilled);
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(a.next() && b.next());
    EXPECT_EQ(a.line(), b.line());
  }
  EXPECT_FALSE(a.next() || b.next());
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 2)
      << "pieces were left behind";
}

TEST_F(Compare, a_cut_file_is_an_error_and_no_short_list) {
  Facts facts;
  for (int i = 0; i < 5000; ++i) facts.push_back({std::to_string(i * 7919), "value"});
  const auto whole = file("whole", facts);
  fs::resize_file(whole, fs::file_size(whole) / 2);
  EXPECT_THROW(compare(whole, whole, whole), Error);
}

TEST_F(Compare, a_directory_that_is_gone_is_an_error_with_its_name) {
  FactCollector collector(directory_ / "gone");
  collector.add("q", "k", "v");
  try {
    collector.finish("q");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("gone"));
  }
}

}  // namespace
}  // namespace splitstrip
