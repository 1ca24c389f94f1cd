#include "check/ask_again.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/judge.h"
#include "facts/fact_file.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::HasSubstr;
using Facts = std::vector<Fact>;

class AskAgain : public testing::Test {
 protected:
  Answer answered(const Facts& facts) {
    FactCollector collector(scratch_.path());
    const auto name = "q" + std::to_string(files_++);
    for (const auto& fact : facts) collector.add(name, fact.key, fact.value);
    Answer answer;
    answer.ended = Outcome::same;
    answer.reason.clear();
    answer.facts = collector.finish(name).file;
    return answer;
  }
  static Answer crashed(bool by_consumer = true) {
    Answer answer;
    answer.ended = Outcome::crashed;
    answer.reason = "killed by SIGSEGV";
    answer.by_consumer = by_consumer;
    return answer;
  }

  // The cell of four answers, of which nothing needs the debug file but what the reference tells.
  CellResult judged(const Answer& reference, const Answer& reference_again, const Answer& candidate,
                    const Answer& candidate_again) {
    CellResult cell;
    judge(reference, answered({}), candidate, cell);
    EXPECT_TRUE(wants_asking_again(cell, reference, candidate)) << to_string(cell.outcome);
    steady_ = judge_again({reference, reference_again}, {candidate, candidate_again}, cell);
    return cell;
  }
  CellResult judged(const Facts& reference, const Facts& reference_again, const Facts& candidate,
                    const Facts& candidate_again) {
    return judged(answered(reference), answered(reference_again), answered(candidate),
                  answered(candidate_again));
  }

  ScratchDirectory scratch_{testing::TempDir()};
  int files_ = 0;
  Steady steady_;
  const Facts two_{{"f", "int f(int)"}, {"g", "int g()"}};
  const Facts one_{{"f", "int f(int)"}};
};

TEST_F(AskAgain, a_loss_that_comes_again_has_regressed) {
  const auto cell = judged(two_, two_, one_, one_);
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.reason, "0 changed, 1 lost of 2 facts");
  EXPECT_EQ(cell.lost, 1U);
  EXPECT_EQ(cell.evidence, 2U);
  ASSERT_EQ(cell.differences.size(), 1U);
  EXPECT_EQ(cell.differences[0].key, "g");
  EXPECT_TRUE(cell.unsteady.empty());
  EXPECT_TRUE(steady_.both());
}

TEST_F(AskAgain, a_loss_that_does_not_is_unstable_and_shows_both_answers) {
  const auto cell = judged(two_, two_, one_, two_);
  EXPECT_EQ(cell.outcome, Outcome::unstable);
  EXPECT_EQ(cell.reason, "1 fact was told otherwise when asked again: g (candidate)");
  EXPECT_EQ(cell.changed + cell.lost + cell.gained, 0U);
  EXPECT_TRUE(cell.differences.empty());
  ASSERT_EQ(cell.unsteady.size(), 1U);
  EXPECT_EQ(cell.unsteady[0].first, std::nullopt);
  EXPECT_EQ(cell.unsteady[0].second, "int g()");
  EXPECT_TRUE(steady_.reference);
  EXPECT_FALSE(steady_.candidate);
}

TEST_F(AskAgain, a_reference_that_told_more_once_is_unstable_too) {
  const auto cell = judged(two_, one_, one_, one_);
  EXPECT_EQ(cell.outcome, Outcome::unstable);
  EXPECT_THAT(cell.reason, HasSubstr("g (reference)"));
  EXPECT_FALSE(steady_.reference);
}

TEST_F(AskAgain, what_repeats_counts_and_the_rest_is_named) {
  const Facts three{{"a", "1"}, {"b", "1"}, {"c", "1"}};
  const auto cell = judged(three, three, {three[0]}, {three[0], three[1]});
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.lost, 1U);
  EXPECT_EQ(cell.reason,
            "0 changed, 1 lost of 3 facts; besides, 1 fact was told otherwise when asked again: b "
            "(candidate)");
  ASSERT_EQ(cell.differences.size(), 1U);
  EXPECT_EQ(cell.differences[0].key, "c");
}

TEST_F(AskAgain, a_gain_stays_one_only_if_it_comes_again) {
  EXPECT_EQ(judged(one_, one_, two_, two_).outcome, Outcome::gained);
  EXPECT_EQ(judged(one_, one_, two_, one_).outcome, Outcome::unstable);
}

TEST_F(AskAgain, a_candidate_that_dies_once_is_unstable_and_one_that_dies_twice_has_crashed) {
  const auto once = judged(answered(two_), answered(two_), crashed(), answered(two_));
  EXPECT_EQ(once.outcome, Outcome::unstable);
  EXPECT_EQ(once.reason, "candidate: killed by SIGSEGV; asked again it answered as it should");
  const auto twice = judged(answered(two_), answered(two_), crashed(), crashed());
  EXPECT_EQ(twice.outcome, Outcome::crashed);
  EXPECT_EQ(twice.reason, "candidate: killed by SIGSEGV, and so when asked again");
  EXPECT_FALSE(steady_.reference) << "that was not compared";
}

TEST_F(AskAgain, a_candidate_that_is_wrong_each_time_in_another_way_has_failed) {
  const auto first = judged(answered(two_), answered(two_), crashed(), answered(one_));
  EXPECT_EQ(first.outcome, Outcome::crashed);
  EXPECT_THAT(first.reason, HasSubstr("asked again: 0 changed, 1 lost"));
  const auto second = judged(answered(two_), answered(two_), answered(one_), crashed());
  EXPECT_EQ(second.outcome, Outcome::crashed);
  EXPECT_EQ(second.reason,
            "candidate, asked again: killed by SIGSEGV; before that 0 changed, 1 lost of 2 facts");
}

TEST_F(AskAgain, a_reference_that_does_not_answer_again_proves_nothing) {
  const auto cell = judged(answered(two_), crashed(), answered(one_), answered(one_));
  EXPECT_EQ(cell.outcome, Outcome::unstable);
  EXPECT_THAT(cell.reason, HasSubstr("the conventional pair gave no answer: killed by SIGSEGV"));
}

TEST_F(AskAgain, asks_only_where_there_is_doubt) {
  CellResult cell;
  const auto both = answered(two_);
  cell.outcome = Outcome::same;
  EXPECT_FALSE(wants_asking_again(cell, both, both));
  cell.outcome = Outcome::regressed;
  EXPECT_TRUE(wants_asking_again(cell, both, both));
  auto known = both;
  known.steady = true;
  EXPECT_TRUE(wants_asking_again(cell, known, both));
  EXPECT_FALSE(wants_asking_again(cell, known, known)) << "that was found out by asking twice";
  cell.outcome = Outcome::crashed;
  EXPECT_TRUE(wants_asking_again(cell, both, crashed()));
  EXPECT_FALSE(wants_asking_again(cell, both, crashed(false))) << "the harness's own failure";
  cell.outcome = Outcome::unavailable;
  EXPECT_FALSE(wants_asking_again(cell, crashed(), {})) << "the conventional pair's";
}

class AskExpectedAgain : public AskAgain {
 protected:
  CellResult judged(const Facts& control, const Facts& control_again, const Facts& candidate,
                    const Facts& candidate_again) {
    CellResult cell;
    const auto expected = answered(refused_).facts, expected_control = answered(dead_).facts;
    const auto k1 = answered(control), k2 = answered(control_again), c1 = answered(candidate),
               c2 = answered(candidate_again);
    judge_expected(expected, expected_control, k1, c1, cell);
    EXPECT_TRUE(wants_asking_again(cell, k1, c1));
    steady_ = judge_expected_again(expected, expected_control, {k1, k2}, {c1, c2}, cell);
    return cell;
  }

  const Facts dead_{{"right", "returns 5"}, {"wrong", "killed by SIGSEGV"}};
  const Facts alive_{{"right", "returns 5"}, {"wrong", "returns 666"}};
  const Facts refused_{{"right", "returns 5"}, {"wrong", "raises TypeError"}};
};

TEST_F(AskExpectedAgain, a_control_that_ends_otherwise_every_time_fails_the_cell) {
  const auto cell = judged(alive_, alive_, refused_, refused_);
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.reason, "0 otherwise than expected, and 1 of the conventional pair, the control");
  ASSERT_EQ(cell.differences.size(), 1U);
  EXPECT_EQ(cell.differences[0].key, "control: wrong");
  EXPECT_EQ(cell.differences[0].reference, "killed by SIGSEGV");
  EXPECT_EQ(cell.differences[0].candidate, "returns 666");
}

TEST_F(AskExpectedAgain, one_that_ends_so_once_is_unstable) {
  const auto cell = judged(alive_, dead_, refused_, refused_);
  EXPECT_EQ(cell.outcome, Outcome::unstable);
  EXPECT_EQ(cell.reason, "1 fact was told otherwise when asked again: wrong (reference)");
  EXPECT_EQ(cell.unsteady.at(0).first, "returns 666");
  EXPECT_EQ(cell.unsteady.at(0).second, "killed by SIGSEGV");
}

TEST_F(AskExpectedAgain, a_candidate_that_is_never_refused_has_regressed) {
  const auto cell = judged(dead_, dead_, dead_, alive_);
  EXPECT_EQ(cell.outcome, Outcome::regressed) << "each time in another way";
  EXPECT_EQ(cell.lost, 1U);
  EXPECT_EQ(judged(dead_, dead_, dead_, refused_).outcome, Outcome::unstable);
}

}  // namespace
}  // namespace splitstrip
