#include "prove/proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prove/proof_table.h"
#include "recipe/fault/fault.h"

namespace splitstrip {
namespace {

using State = FaultProof::State;

CellResult cell(const std::string& recipe, const std::string& query, Outcome outcome,
                const std::string& reason = "") {
  CellResult made;
  made.subject = "small";
  made.recipe = recipe;
  made.consumer = "gdb";
  made.query = query;
  made.outcome = outcome;
  made.reason = reason;
  return made;
}

const PlannedFault planned{"member-moved", "debug", "a member", "", "small"};

TEST(Proof, a_cell_that_regresses_by_the_fault_notices_it) {
  const auto proof = judge_fault(planned, {cell("typedata", "types", Outcome::same),
                                           cell("typedata", "lines", Outcome::gained),
                                           cell("fault:member-moved", "types", Outcome::regressed),
                                           cell("fault:member-moved", "lines", Outcome::same)});
  EXPECT_EQ(proof.state, State::noticed);
  EXPECT_EQ(proof.cells, 2U);
  EXPECT_THAT(proof.noticed, testing::ElementsAre(testing::Field(&Notice::query, "types")));
}

TEST(Proof, a_consumer_that_fails_by_the_fault_notices_it) {
  for (const Outcome outcome : {Outcome::crashed, Outcome::error, Outcome::timeout}) {
    const auto proof =
        judge_fault(planned, {cell("typedata", "types", Outcome::same),
                              cell("fault:member-moved", "types", outcome, "it died")});
    EXPECT_EQ(proof.state, State::noticed) << to_string(outcome);
  }
}

TEST(Proof, what_is_wrong_without_the_fault_too_proves_nothing) {
  for (const Outcome outcome :
       {Outcome::regressed, Outcome::vacuous, Outcome::unavailable, Outcome::error}) {
    const auto proof = judge_fault(planned, {cell("typedata", "types", outcome),
                                             cell("fault:member-moved", "types", outcome)});
    EXPECT_EQ(proof.state, State::not_asked) << to_string(outcome);
  }
}

TEST(Proof, a_fault_that_nobody_notices_fails_unless_the_list_says_why) {
  const std::vector<CellResult> cells = {cell("typedata", "types", Outcome::same),
                                         cell("fault:member-moved", "types", Outcome::same)};
  Proof proof;
  proof.faults = {judge_fault(planned, cells)};
  EXPECT_EQ(proof.faults[0].state, State::unnoticed);
  EXPECT_EQ(proof.exit(), 1);
  PlannedFault argued = planned;
  argued.equivalent = "nobody reads it";
  proof.faults = {judge_fault(argued, cells)};
  EXPECT_EQ(proof.faults[0].state, State::equivalent);
  EXPECT_EQ(proof.exit(), 0);
}

TEST(Proof, a_wrong_argument_fails) {
  PlannedFault argued = planned;
  argued.equivalent = "nobody reads it";
  Proof proof;
  proof.faults = {judge_fault(argued, {cell("typedata", "types", Outcome::same),
                                       cell("fault:member-moved", "types", Outcome::regressed)})};
  EXPECT_EQ(proof.faults[0].state, State::not_equivalent);
  EXPECT_EQ(proof.exit(), 1);
}

TEST(Proof, a_fault_without_a_place_is_not_a_noticed_one) {
  Proof proof;
  proof.faults = {judge_fault(
      planned, {cell("typedata", "types", Outcome::same),
                cell("fault:member-moved", "types", Outcome::error,
                     "candidate: recipe fault:member-moved: libsmall.so: has no member")})};
  EXPECT_EQ(proof.faults[0].state, State::not_planted);
  EXPECT_THAT(proof.faults[0].reason, testing::StartsWith("libsmall.so: has no member"));
  EXPECT_EQ(proof.exit(), 2);
}

TEST(Proof, nothing_planted_is_no_pass) {
  EXPECT_EQ(Proof().exit(), 2);
}

TEST(Proof, the_page_has_a_row_for_each_fault) {
  Proof proof;
  proof.result.consumers = {{"gdb", "13.1", "", 0, true, ""}};
  proof.faults = {judge_fault(planned, {cell("typedata", "types", Outcome::same),
                                        cell("fault:member-moved", "types", Outcome::crashed)})};
  proof.command = "splitstrip prove --consumer gdb";
  EXPECT_THAT(
      to_markdown(proof),
      testing::AllOf(
          testing::HasSubstr("| `member-moved` | a member | small | types (crashed) |\n"),
          testing::HasSubstr("gdb 13.1. Made by\n\n    splitstrip prove --consumer gdb\n")));
}

}  // namespace
}  // namespace splitstrip
