// From three answers to the outcome of a cell: the rule of the design, and nothing else.
#pragma once

#include "check/answer.h"
#include "facts/compare.h"
#include "report/result.h"

namespace splitstrip {

// The outcome of a comparison whose three answers were all given in full.
Outcome judge(const Comparison& comparison);

// Compares the answers and fills outcome, reason, counts, differences, times and command of `cell`.
// An answer that was not given in full decides the outcome: the reference's first, then the
// control's, without which nothing is proven, then the candidate's. A consumer that dies of the
// conventional pair, or fails at it, says nothing about the recipe: `unavailable`. Throws Error if
// a fact file cannot be read.
void judge(const Answer& reference, const Answer& withheld, const Answer& candidate,
           CellResult& cell);

// The same for a query with an expectation, of which the two files hold the facts. `control` is the
// conventional pair's answer. One that is otherwise than expected fails the cell, too, even with
// the candidate as it should be: a call that does no harm proves nothing by being refused. What is
// answered and not expected is a change. The differences of the control come first, their keys
// begin with "control: ".
void judge_expected(const std::filesystem::path& expected,
                    const std::filesystem::path& expected_control, const Answer& control,
                    const Answer& candidate, CellResult& cell);

// For a cell that was judged by judge(), whose candidate's debug file is found in another way than
// the reference's (cell.found_by): `able` is the answer about the conventional pair found in that
// very way. Where it holds no evidence the consumer cannot find debug files so, which is no fault
// of the recipe: `unavailable`. Where it differs from the reference, the reason of a regression
// says so.
void judge_ability(const Answer& reference, const Answer& withheld, const Answer& able,
                   CellResult& cell);

}  // namespace splitstrip
