#include "check/judge.h"

#include <initializer_list>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace splitstrip {

Outcome judge(const Comparison& comparison) {
  if (comparison.changed + comparison.lost > 0) return Outcome::regressed;
  if (comparison.evidence == 0) return Outcome::vacuous;
  return comparison.gained > 0 ? Outcome::gained : Outcome::same;
}

namespace {

struct Role {
  const Answer& answer;
  std::string name;
  // What it is an answer about, if that is the conventional pair.
  std::string conventional_pair = {};
};

// Of an answer about the conventional pair: whether the consumer is unable to read it. To have run
// out of time is something else: with more of it there may be an answer.
bool cannot_read(const Answer& answer) {
  return answer.by_consumer && (answer.ended == Outcome::crashed || answer.ended == Outcome::error);
}

// Fills in what became of a cell by an answer that was not given in full.
void take_failure(const Role& role, CellResult& cell) {
  const Answer& answer = role.answer;
  cell.outcome = answer.ended;
  cell.reason = fmt::format("{}: {}", role.name, answer.reason);
  cell.output_file = answer.output.string();
  if (role.conventional_pair.empty() || !cannot_read(answer)) return;
  cell.outcome = Outcome::unavailable;
  cell.reason = fmt::format("cannot read {}: {}", role.conventional_pair, answer.reason);
  cell.command = answer.command;
}

// Fills in what a cell says of its answers besides their comparison. False if one was not given in
// full: then that is what became of the cell.
bool take_answers(std::initializer_list<Role> roles, const Answer& candidate, CellResult& cell) {
  cell.seconds = candidate.seconds;
  cell.cpu_seconds = candidate.cpu_seconds;
  cell.command = candidate.command;
  for (const Role& role : roles) {
    const Answer& answer = role.answer;
    if (answer.answered()) continue;
    take_failure(role, cell);
    if (candidate.command.empty()) {
      cell.command = answer.command;
      cell.seconds = answer.seconds;
      cell.cpu_seconds = answer.cpu_seconds;
    }
    return false;
  }
  cell.reason.clear();
  return true;
}

void fill(Comparison comparison, CellResult& cell) {
  cell.outcome = judge(comparison);
  cell.facts = comparison.facts;
  cell.evidence = comparison.evidence;
  cell.changed = comparison.changed;
  cell.lost = comparison.lost;
  cell.gained = comparison.gained;
  cell.differences = std::move(comparison.differences);
}

}  // namespace

void judge(const Answer& reference, const Answer& withheld, const Answer& candidate,
           CellResult& cell) {
  if (!take_answers({{reference, "reference", "the conventional pair"},
                     {withheld, "control with the debug file withheld",
                      "the conventional pair with its debug file withheld"},
                     {candidate, "candidate"}},
                    candidate, cell))
    return;
  cell.reused.clear();
  if (reference.reused) cell.reused.emplace_back("reference");
  if (withheld.reused) cell.reused.emplace_back("withheld");
  if (candidate.reused) cell.reused.emplace_back("candidate");
  fill(compare(reference.facts, candidate.facts, withheld.facts), cell);
  switch (cell.outcome) {
    case Outcome::vacuous:
      cell.reason =
          cell.facts == 0
              ? "there was nothing to answer"
              : "all of it is answered without the debug file too: this could not have failed";
      break;
    case Outcome::regressed:
      cell.reason =
          fmt::format("{} changed, {} lost of {} facts", cell.changed, cell.lost, cell.facts);
      break;
    default:
      break;
  }
}

void judge_expected(const std::filesystem::path& expected,
                    const std::filesystem::path& expected_control, const Answer& control,
                    const Answer& candidate, CellResult& cell) {
  if (!take_answers({{control, "control, the conventional pair", "the conventional pair"},
                     {candidate, "candidate"}},
                    candidate, cell))
    return;
  cell.reused.clear();
  if (control.reused) cell.reused.emplace_back("reference");
  if (candidate.reused) cell.reused.emplace_back("candidate");
  fill(compare(expected, candidate.facts, control.facts), cell);
  cell.changed += std::exchange(cell.gained, 0);
  const std::uint64_t of_candidate = cell.changed + cell.lost;

  Comparison own = compare(expected_control, control.facts, expected_control);
  const std::uint64_t of_control = own.changed + own.lost + own.gained;
  cell.changed += own.changed + own.gained;
  cell.lost += own.lost;
  for (Difference& difference : own.differences) difference.key.insert(0, "control: ");
  own.differences.insert(own.differences.end(), std::make_move_iterator(cell.differences.begin()),
                         std::make_move_iterator(cell.differences.end()));
  if (own.differences.size() > Comparison::kept_differences)
    own.differences.resize(Comparison::kept_differences);
  cell.differences = std::move(own.differences);

  if (of_candidate + of_control > 0) {
    cell.outcome = Outcome::regressed;
    cell.reason = fmt::format("{} otherwise than expected", of_candidate);
    if (of_control > 0)
      cell.reason += fmt::format(", and {} of the conventional pair, the control", of_control);
  } else if (cell.evidence == 0) {
    cell.outcome = Outcome::vacuous;
    cell.reason =
        "the conventional pair is expected to answer the same: this could not have failed";
  } else {
    cell.outcome = Outcome::same;
  }
}

void judge_ability(const Answer& reference, const Answer& withheld, const Answer& able,
                   CellResult& cell) {
  if (!reference.answered() || !withheld.answered() || cell.outcome == Outcome::vacuous) return;
  if (!able.answered()) {
    take_failure({able, fmt::format("conventional pair found by {}", cell.found_by),
                  fmt::format("the conventional pair found by {}", cell.found_by)},
                 cell);
  } else if (compare(able.facts, able.facts, withheld.facts).evidence == 0) {
    cell.outcome = Outcome::unavailable;
    cell.reason =
        "does not find the debug file in this way: of the conventional pair, too, it tells no more "
        "than without one";
  } else {
    if (cell.outcome != Outcome::regressed) return;
    const Comparison itself = compare(reference.facts, able.facts, withheld.facts);
    if (itself.changed + itself.lost > 0)
      cell.reason += fmt::format("; of the conventional pair found so: {} changed, {} lost",
                                 itself.changed, itself.lost);
    return;
  }
  cell.changed = cell.lost = cell.gained = 0;
  cell.differences.clear();
}

}  // namespace splitstrip
