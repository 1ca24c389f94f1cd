#include "check/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "facts/fact_file.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

Comparison counted(std::uint64_t evidence, std::uint64_t changed, std::uint64_t lost,
                   std::uint64_t gained) {
  Comparison comparison;
  comparison.facts = 10;
  comparison.evidence = evidence;
  comparison.changed = changed;
  comparison.lost = lost;
  comparison.gained = gained;
  return comparison;
}

TEST(Judge, follows_the_table_of_outcomes) {
  EXPECT_EQ(judge(counted(5, 0, 0, 0)), Outcome::same);
  EXPECT_EQ(judge(counted(5, 0, 0, 1)), Outcome::gained);
  EXPECT_EQ(judge(counted(5, 1, 0, 0)), Outcome::regressed);
  EXPECT_EQ(judge(counted(5, 0, 1, 7)), Outcome::regressed);
  EXPECT_EQ(judge(counted(0, 0, 0, 0)), Outcome::vacuous);
  EXPECT_EQ(judge(counted(0, 0, 0, 3)), Outcome::vacuous) << "gaining proves nothing";
  EXPECT_EQ(judge(counted(0, 1, 0, 0)), Outcome::regressed)
      << "a difference is one, evidence or not";
}

class JudgeAnswers : public testing::Test {
 protected:
  JudgeAnswers() : directory_(fs::path(testing::TempDir()) / ("judge" + std::to_string(getpid()))) {
    fs::create_directories(directory_);
  }
  ~JudgeAnswers() override { fs::remove_all(directory_); }

  Answer answered(const std::string& name, const std::vector<Fact>& facts) {
    FactCollector collector(directory_);
    for (const auto& fact : facts) collector.add(name, fact.key, fact.value);
    Answer answer;
    answer.ended = Outcome::same;
    answer.reason.clear();
    answer.facts = collector.finish(name).file;
    answer.command = {name};
    return answer;
  }

  static Answer ended(Outcome outcome, const std::string& reason, bool by_consumer = true) {
    Answer answer;
    answer.ended = outcome;
    answer.reason = reason;
    answer.by_consumer = by_consumer;
    answer.command = {"the", "failed"};
    return answer;
  }

  fs::path directory_;
};

TEST_F(JudgeAnswers, equal_answers_that_need_the_debug_file_are_the_same) {
  CellResult cell;
  const auto facts = std::vector<Fact>{{"f", "int f(int)"}};
  judge(answered("r", facts), answered("w", {}), answered("c", facts), cell);
  EXPECT_EQ(cell.outcome, Outcome::same);
  EXPECT_EQ(cell.evidence, 1U);
  EXPECT_THAT(cell.command, testing::ElementsAre("c"));
}

TEST_F(JudgeAnswers, without_its_control_nothing_is_proven) {
  CellResult cell;
  const auto facts = std::vector<Fact>{{"f", "int f(int)"}};
  judge(answered("r", facts), ended(Outcome::crashed, "killed by SIGSEGV"), answered("c", facts),
        cell);
  EXPECT_EQ(cell.outcome, Outcome::unavailable);
  EXPECT_EQ(cell.reason,
            "cannot read the conventional pair with its debug file withheld: killed by SIGSEGV");
  EXPECT_THAT(cell.command, testing::ElementsAre("the", "failed"))
      << "what shows it, not the candidate's command";
}

TEST_F(JudgeAnswers, who_fails_at_the_conventional_pair_says_nothing_about_the_split) {
  for (const auto outcome : {Outcome::crashed, Outcome::error}) {
    CellResult cell;
    judge(ended(outcome, "internal error"), {}, {}, cell);
    EXPECT_EQ(cell.outcome, Outcome::unavailable);
    EXPECT_EQ(cell.reason, "cannot read the conventional pair: internal error");
    EXPECT_THAT(cell.command, testing::ElementsAre("the", "failed"));
  }
}

TEST_F(JudgeAnswers, what_the_harness_fails_at_is_an_error_of_either_side) {
  const auto facts = std::vector<Fact>{{"f", "int f(int)"}};
  CellResult cell;
  judge(ended(Outcome::error, "the stage: no space left", false), {}, {}, cell);
  EXPECT_EQ(cell.outcome, Outcome::error);
  EXPECT_EQ(cell.reason, "reference: the stage: no space left");
  judge(answered("r", facts), answered("w", {}), ended(Outcome::crashed, "killed by SIGSEGV"),
        cell);
  EXPECT_EQ(cell.outcome, Outcome::crashed) << "the candidate's failure is one";
}

TEST_F(JudgeAnswers, a_reference_that_ran_out_of_time_is_no_pass) {
  CellResult cell;
  judge(ended(Outcome::timeout, "no end after 300 s"), {}, {}, cell);
  EXPECT_EQ(cell.outcome, Outcome::timeout);
  EXPECT_THAT(cell.reason, testing::HasSubstr("reference: no end after 300 s"));
}

TEST_F(JudgeAnswers, a_candidate_that_was_never_asked_is_an_error) {
  CellResult cell;
  judge(answered("r", {{"f", "x"}}), answered("w", {}), {}, cell);
  EXPECT_EQ(cell.outcome, Outcome::error);
}

class JudgeExpected : public JudgeAnswers {
 protected:
  CellResult judged(const Answer& control, const Answer& candidate) {
    CellResult cell;
    judge_expected(answered("expected", refused_).facts, answered("expected-control", dead_).facts,
                   control, candidate, cell);
    return cell;
  }
  CellResult judged(const std::vector<Fact>& control, const std::vector<Fact>& candidate) {
    return judged(answered("control", control), answered("c", candidate));
  }

  std::vector<Fact> dead_{{"right", "returns 5"}, {"wrong", "killed by SIGSEGV"}};
  std::vector<Fact> refused_{
      {"right", "returns 5"}, {"says int", "yes"}, {"wrong", "raises TypeError"}};
};

TEST_F(JudgeExpected, both_as_expected_are_the_same_and_what_differs_is_evidence) {
  const auto cell = judged(dead_, refused_);
  EXPECT_EQ(cell.outcome, Outcome::same) << cell.reason;
  EXPECT_EQ(cell.facts, 3U);
  EXPECT_EQ(cell.evidence, 2U);
  EXPECT_TRUE(cell.differences.empty());
}

TEST_F(JudgeExpected, a_candidate_that_dies_as_well_has_regressed) {
  const auto cell = judged(dead_, dead_);
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.reason, "2 otherwise than expected");
  ASSERT_EQ(cell.differences.size(), 2U);
  EXPECT_EQ(cell.differences[1].key, "wrong");
  EXPECT_EQ(cell.differences[1].reference, "raises TypeError");
  EXPECT_EQ(cell.differences[1].candidate, "killed by SIGSEGV");
}

TEST_F(JudgeExpected, a_control_that_does_not_die_fails_the_cell) {
  const auto cell = judged({{"right", "returns 5"}, {"wrong", "returns 0"}}, refused_);
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.reason, "0 otherwise than expected, and 1 of the conventional pair, the control");
  ASSERT_EQ(cell.differences.size(), 1U);
  EXPECT_EQ(cell.differences[0].key, "control: wrong");
  EXPECT_EQ(cell.differences[0].reference, "killed by SIGSEGV");
  EXPECT_EQ(cell.differences[0].candidate, "returns 0");
}

TEST_F(JudgeExpected, a_control_that_is_refused_as_well_is_no_vacuous_pass) {
  const auto cell = judged(refused_, refused_);
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.evidence, 0U);
}

TEST_F(JudgeExpected, a_case_that_was_not_played_is_missed_on_either_side) {
  EXPECT_EQ(judged(dead_, {refused_[0], refused_[1]}).lost, 1U);
  EXPECT_EQ(judged(dead_, {}).outcome, Outcome::regressed);
  const auto cell = judged({dead_[0]}, refused_);
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.lost, 1U);
  EXPECT_EQ(cell.differences.at(0).key, "control: wrong");
}

TEST_F(JudgeExpected, what_nobody_expected_is_a_change) {
  auto more = refused_;
  more.push_back({"other", "returns 1"});
  EXPECT_EQ(judged(dead_, more).outcome, Outcome::regressed);
  EXPECT_EQ(judged(dead_, more).gained, 0U);
  more = dead_;
  more.push_back({"other", "returns 1"});
  EXPECT_EQ(judged(more, refused_).outcome, Outcome::regressed);
}

TEST_F(JudgeExpected, cases_that_nothing_can_catch_are_no_evidence) {
  refused_ = dead_;
  EXPECT_EQ(judged(dead_, dead_).outcome, Outcome::vacuous);
}

TEST_F(JudgeExpected, without_its_control_nothing_is_proven) {
  const auto cell = judged(ended(Outcome::timeout, "no end"), answered("c", refused_));
  EXPECT_EQ(cell.outcome, Outcome::timeout);
  EXPECT_THAT(cell.reason, testing::HasSubstr("control"));
}

class JudgeWay : public JudgeAnswers {
 protected:
  // The cell of a pair found by debuglink: `able` and `candidate` against the reference `facts_`.
  CellResult judged(const Answer& able, const std::vector<Fact>& candidate) {
    CellResult cell;
    cell.found_by = "debuglink";
    const auto from = answered("r", facts_);
    const auto without = answered("w", {});
    judge(from, without, answered("c", candidate), cell);
    judge_ability(from, without, able, cell);
    return cell;
  }

  std::vector<Fact> facts_{{"f", "int f(int)"}, {"g", "int g()"}};
};

TEST_F(JudgeWay, who_cannot_find_the_conventional_debug_file_so_is_unavailable) {
  const auto cell = judged(answered("a", {}), {});
  EXPECT_EQ(cell.outcome, Outcome::unavailable);
  EXPECT_THAT(cell.reason, testing::HasSubstr("does not find"));
  EXPECT_EQ(cell.lost, 0U);
  EXPECT_EQ(cell.evidence, 2U);
  EXPECT_TRUE(cell.differences.empty());
}

TEST_F(JudgeWay, who_finds_it_and_tells_the_same_is_the_same) {
  EXPECT_EQ(judged(answered("a", facts_), facts_).outcome, Outcome::same);
}

TEST_F(JudgeWay,
       a_recipe_whose_debug_file_is_not_found_where_the_conventional_one_is_has_regressed) {
  const auto cell = judged(answered("a", facts_), {});
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_EQ(cell.reason, "0 changed, 2 lost of 2 facts");
}

TEST_F(JudgeWay, a_loss_that_the_conventional_pair_has_too_is_told_so) {
  const auto cell = judged(answered("a", {facts_[0]}), {facts_[0]});
  EXPECT_EQ(cell.outcome, Outcome::regressed);
  EXPECT_THAT(cell.reason, testing::HasSubstr("conventional pair found so: 0 changed, 1 lost"));
}

TEST_F(JudgeWay, without_the_ability_being_known_nothing_is_proven) {
  const auto cell = judged(ended(Outcome::timeout, "no end after 300 s"), facts_);
  EXPECT_EQ(cell.outcome, Outcome::timeout);
  EXPECT_THAT(cell.reason, testing::HasSubstr("conventional pair found by debuglink: no end"));
  const auto dead = judged(ended(Outcome::crashed, "killed by SIGSEGV"), facts_);
  EXPECT_EQ(dead.outcome, Outcome::unavailable);
  EXPECT_EQ(dead.reason, "cannot read the conventional pair found by debuglink: killed by SIGSEGV");
}

}  // namespace
}  // namespace splitstrip
