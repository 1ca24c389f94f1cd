// What differs is asked again before it is a verdict: both sides, with nothing remembered. A
// difference that comes again is one; what does not is the consumer's own unsteadiness.
#pragma once

#include <filesystem>

#include "check/answer.h"
#include "report/result.h"

namespace splitstrip {

// What one side answered.
struct Twice {
  const Answer& first;
  const Answer& second;
};

// Whether `cell`, judged by one answer of each side, is to be asked again: facts differ, or the
// consumer failed at the candidate alone. Not where both sides are known to be steady.
bool wants_asking_again(const CellResult& cell, const Answer& reference, const Answer& candidate);

// Of which side the two answers were the same.
struct Steady {
  bool reference = false;
  bool candidate = false;
  bool both() const { return reference && candidate; }
};

// Judges `cell`, which was judged by the first answers, by both. What came again stays, the counts
// and differences those of it alone; a cell of which nothing did is `unstable`. Facts that a side
// told otherwise the second time are named either way. Throws Error if a fact file cannot be read.
Steady judge_again(const Twice& reference, const Twice& candidate, CellResult& cell);

// The same for a cell judged by judge_expected(): both sides are held against what is expected of
// them, `control` being the conventional pair's answers.
Steady judge_expected_again(const std::filesystem::path& expected,
                            const std::filesystem::path& expected_control, const Twice& control,
                            const Twice& candidate, CellResult& cell);

}  // namespace splitstrip
