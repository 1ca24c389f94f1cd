#include "check/ask_again.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "facts/compare_twice.h"

namespace splitstrip {
namespace {

// How many unsteady facts a reason names.
constexpr std::size_t named_facts = 3;

bool consumer_failed(const Answer& answer) {
  return !answer.answered() && answer.by_consumer && answer.ended != Outcome::unavailable;
}

AskedTwice files(const Twice& side) {
  return {side.first.facts, side.second.facts};
}

// "3 facts were told otherwise when asked again: struct s (candidate), …".
std::string told_otherwise(std::uint64_t count, const std::vector<UnsteadyFact>& facts) {
  std::string text = fmt::format("{} {} told otherwise when asked again: ", count,
                                 count == 1 ? "fact was" : "facts were");
  for (std::size_t i = 0; i < std::min(facts.size(), named_facts); ++i)
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", facts[i].key, facts[i].side);
  if (count > named_facts) text += fmt::format(", and {} more", count - named_facts);
  return text;
}

void call_unstable(std::string reason, CellResult& cell) {
  cell.outcome = Outcome::unstable;
  cell.reason = std::move(reason);
  cell.changed = cell.lost = cell.gained = 0;
  cell.differences.clear();
}

// Settles a cell of which not all four answers were given; false if they were. `still_differs` says
// in words how the second answers differ, empty if they do not.
bool settle_failures(const Twice& reference, const Twice& candidate,
                     const std::function<std::string()>& still_differs, CellResult& cell) {
  const Answer& again = candidate.second;
  const bool failed_first = !candidate.first.answered();
  if (!reference.second.answered()) {
    call_unstable(fmt::format("{}; asked again, the conventional pair gave no answer: {}",
                              cell.reason, reference.second.reason),
                  cell);
    return true;
  }
  if (!failed_first && again.answered()) return false;
  if (again.answered()) {
    const std::string differs = still_differs();
    if (differs.empty())
      call_unstable(cell.reason + "; asked again it answered as it should", cell);
    else
      cell.reason += fmt::format("; asked again: {}", differs);
  } else if (failed_first) {
    cell.reason += again.reason == candidate.first.reason
                       ? std::string(", and so when asked again")
                       : fmt::format("; asked again: {}", again.reason);
  } else if (cell.outcome == Outcome::regressed && again.ended != Outcome::unavailable) {
    cell.outcome = again.ended;
    cell.reason =
        fmt::format("candidate, asked again: {}; before that {}", again.reason, cell.reason);
    cell.output_file = again.output.string();
    cell.command = again.command;
  } else {
    call_unstable(
        fmt::format("{}; asked again, the candidate gave no answer: {}", cell.reason, again.reason),
        cell);
  }
  return true;
}

bool tells(const std::vector<UnsteadyFact>& facts, std::string_view side) {
  return std::ranges::any_of(facts, [&](const auto& fact) { return fact.side == side; });
}

// A side whose unsteady facts come after those that are kept counts as unsteady, too.
Steady steadiness(const TwiceCompared& twice) {
  const bool all_kept = twice.unsteady == twice.examples.size();
  return {all_kept && !tells(twice.examples, "reference"),
          all_kept && !tells(twice.examples, "candidate")};
}

std::string differing(const Comparison& comparison) {
  const bool differs = comparison.changed + comparison.lost > 0;
  return differs ? fmt::format("{} changed, {} lost", comparison.changed, comparison.lost)
                 : std::string();
}

void take_differences(Comparison comparison, CellResult& cell) {
  cell.changed = comparison.changed;
  cell.lost = comparison.lost;
  cell.gained = comparison.gained;
  cell.differences = std::move(comparison.differences);
}

// For a query with an expectation: what is told and not expected is a change.
std::uint64_t otherwise(const Comparison& comparison) {
  return comparison.changed + comparison.lost + comparison.gained;
}

// What came of holding one side twice against what is expected of it; `side` is its name.
TwiceCompared against(const std::filesystem::path& expected, const Twice& side, const char* name) {
  TwiceCompared twice = compare_twice({expected, expected}, files(side));
  for (UnsteadyFact& fact : twice.examples) fact.side = name;
  return twice;
}

}  // namespace

bool wants_asking_again(const CellResult& cell, const Answer& reference, const Answer& candidate) {
  if (cell.outcome == Outcome::regressed || cell.outcome == Outcome::gained)
    return !(reference.steady && candidate.steady);
  return reference.answered() && consumer_failed(candidate) && cell.outcome == candidate.ended;
}

Steady judge_again(const Twice& reference, const Twice& candidate, CellResult& cell) {
  const auto still_differs = [&] {
    return differing(
        compare(reference.second.facts, candidate.second.facts, reference.second.facts));
  };
  if (settle_failures(reference, candidate, still_differs, cell)) return {};
  TwiceCompared twice = compare_twice(files(reference), files(candidate));
  const Steady steady = steadiness(twice);
  const bool was_regressed = cell.outcome == Outcome::regressed;
  const Comparison& repeated = twice.repeated;
  const auto differ = repeated.changed + repeated.lost;
  if (differ > 0) {
    cell.outcome = Outcome::regressed;
    cell.reason =
        fmt::format("{} changed, {} lost of {} facts", repeated.changed, repeated.lost, cell.facts);
    if (twice.unsteady > 0)
      cell.reason += "; besides, " + told_otherwise(twice.unsteady, twice.examples);
  } else if (was_regressed || repeated.gained == 0) {
    call_unstable(told_otherwise(twice.unsteady, twice.examples), cell);
  } else if (twice.unsteady > 0) {
    cell.reason = told_otherwise(twice.unsteady, twice.examples);
  }
  if (cell.outcome != Outcome::unstable) take_differences(std::move(twice.repeated), cell);
  cell.unsteady = std::move(twice.examples);
  return steady;
}

Steady judge_expected_again(const std::filesystem::path& expected,
                            const std::filesystem::path& expected_control, const Twice& control,
                            const Twice& candidate, CellResult& cell) {
  const auto still_differs = [&] {
    const auto& own = control.second.facts;
    const auto count = otherwise(compare(expected, candidate.second.facts, own)) +
                       otherwise(compare(expected_control, own, own));
    return count == 0 ? std::string() : fmt::format("{} otherwise than expected", count);
  };
  if (settle_failures(control, candidate, still_differs, cell)) return {};
  TwiceCompared of_candidate = against(expected, candidate, "candidate");
  TwiceCompared of_control = against(expected_control, control, "reference");
  const Steady steady{of_control.unsteady == 0, of_candidate.unsteady == 0};
  const auto count = otherwise(of_candidate.repeated);
  const auto own_count = otherwise(of_control.repeated);
  const auto unsteady = of_candidate.unsteady + of_control.unsteady;
  cell.unsteady = std::move(of_control.examples);
  std::ranges::move(of_candidate.examples, std::back_inserter(cell.unsteady));
  if (cell.unsteady.size() > Comparison::kept_differences)
    cell.unsteady.resize(Comparison::kept_differences);
  if (count + own_count == 0) {
    call_unstable(told_otherwise(unsteady, cell.unsteady), cell);
    return steady;
  }
  cell.reason = fmt::format("{} otherwise than expected", count);
  if (own_count > 0)
    cell.reason += fmt::format(", and {} of the conventional pair, the control", own_count);
  if (unsteady > 0) cell.reason += "; besides, " + told_otherwise(unsteady, cell.unsteady);
  Comparison all = std::move(of_control.repeated);
  for (Difference& difference : all.differences) difference.key.insert(0, "control: ");
  Comparison& more = of_candidate.repeated;
  all.changed += all.gained + more.changed + more.gained;
  all.lost += more.lost;
  all.gained = 0;
  std::ranges::move(more.differences, std::back_inserter(all.differences));
  if (all.differences.size() > Comparison::kept_differences)
    all.differences.resize(Comparison::kept_differences);
  take_differences(std::move(all), cell);
  return steady;
}

}  // namespace splitstrip
