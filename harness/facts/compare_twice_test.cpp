#include "facts/compare_twice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "facts/fact_file.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using Facts = std::vector<Fact>;

class CompareTwice : public testing::Test {
 protected:
  CompareTwice() : directory_(fs::path(testing::TempDir()) / ("twice" + std::to_string(getpid()))) {
    fs::create_directories(directory_);
  }
  ~CompareTwice() override { fs::remove_all(directory_); }

  fs::path file(const std::string& query, const Facts& facts) {
    FactCollector collector(directory_);
    for (const auto& fact : facts) collector.add(query, fact.key, fact.value);
    return collector.finish(query).file;
  }

  TwiceCompared of(const Facts& reference, const Facts& reference_again, const Facts& candidate,
                   const Facts& candidate_again) {
    return compare_twice({file("r1", reference), file("r2", reference_again)},
                         {file("c1", candidate), file("c2", candidate_again)});
  }

  fs::path directory_;
};

TEST_F(CompareTwice, keeps_what_differs_both_times_in_the_same_way) {
  const Facts told{{"changed", "1"}, {"lost", "1"}, {"same", "1"}};
  const Facts other{{"changed", "2"}, {"gained", "1"}, {"same", "1"}};
  const auto result = of(told, told, other, other);
  EXPECT_EQ(result.repeated.changed, 1U);
  EXPECT_EQ(result.repeated.lost, 1U);
  EXPECT_EQ(result.repeated.gained, 1U);
  EXPECT_EQ(result.unsteady, 0U);
  ASSERT_EQ(result.repeated.differences.size(), 3U);
  EXPECT_EQ(result.repeated.differences[0].reference, "1");
  EXPECT_EQ(result.repeated.differences[0].candidate, "2");
  EXPECT_EQ(result.repeated.differences[1].reference, std::nullopt);
}

TEST_F(CompareTwice, a_fact_missing_once_is_unsteady_and_no_difference) {
  const Facts all{{"a", "1"}, {"b", "1"}};
  const auto candidate = of(all, all, {all[0]}, all);
  EXPECT_EQ(candidate.repeated.changed + candidate.repeated.lost, 0U);
  ASSERT_EQ(candidate.examples.size(), 1U);
  EXPECT_EQ(candidate.examples[0].side, "candidate");
  EXPECT_EQ(candidate.examples[0].key, "b");
  EXPECT_EQ(candidate.examples[0].first, std::nullopt);
  EXPECT_EQ(candidate.examples[0].second, "1");
  const auto reference = of(all, {all[0]}, {all[0]}, {all[0]});
  EXPECT_EQ(reference.repeated.lost, 0U);
  EXPECT_EQ(reference.examples.at(0).side, "reference");
  EXPECT_EQ(reference.examples.at(0).first, "1");
}

// The reference says one of two things, the candidate the other, and then they change places.
TEST_F(CompareTwice, what_differs_each_time_in_another_way_does_not_repeat) {
  const auto result = of({{"a", "1"}}, {{"a", "2"}}, {{"a", "2"}}, {{"a", "1"}});
  EXPECT_EQ(result.repeated.changed + result.repeated.lost + result.repeated.gained, 0U);
  EXPECT_EQ(result.unsteady, 2U);
}

TEST_F(CompareTwice, what_the_candidate_never_tells_is_lost_whatever_else_it_tells) {
  const auto result = of({{"a", "1"}}, {{"a", "1"}}, {{"a", "17"}}, {{"a", "23"}});
  EXPECT_EQ(result.repeated.lost, 1U);
  EXPECT_EQ(result.unsteady, 1U);
}

TEST_F(CompareTwice, facts_told_several_times_are_counted) {
  const Facts twice{{"a", "1"}, {"a", "1"}};
  EXPECT_EQ(of(twice, twice, {twice[0]}, {twice[0]}).repeated.lost, 1U);
  EXPECT_EQ(of(twice, twice, {twice[0]}, twice).repeated.lost, 0U);
}

TEST_F(CompareTwice, keys_come_back_unescaped_and_examples_are_bounded) {
  Facts many;
  for (int i = 0; i < 500; ++i) many.push_back({"k\t" + std::to_string(i), "v\n"});
  const auto result = of(many, {}, {}, {});
  EXPECT_EQ(result.unsteady, 500U);
  ASSERT_EQ(result.examples.size(), Comparison::kept_differences);
  EXPECT_EQ(result.examples[0].key, "k\t0");
  EXPECT_EQ(result.examples[0].first, "v\n");
}

}  // namespace
}  // namespace splitstrip
