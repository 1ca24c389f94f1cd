#include "check/judge.h"

#include <fmt/format.h>

namespace splitstrip {

Outcome judge(const Comparison& comparison) {
  if (comparison.changed + comparison.lost > 0) return Outcome::regressed;
  if (comparison.evidence == 0) return Outcome::vacuous;
  return comparison.gained > 0 ? Outcome::gained : Outcome::same;
}

void judge(const Answer& reference, const Answer& withheld, const Answer& candidate,
           CellResult& cell) {
  cell.seconds = candidate.seconds;
  cell.cpu_seconds = candidate.cpu_seconds;
  cell.command = candidate.command;

  const std::pair<const Answer&, const char*> roles[] = {
      {reference, "reference"},
      {withheld, "control with the debug file withheld"},
      {candidate, "candidate"}};
  for (const auto& [answer, role] : roles) {
    if (answer.answered()) continue;
    cell.outcome = answer.ended;
    cell.reason = fmt::format("{}: {}", role, answer.reason);
    cell.output_file = answer.output.string();
    if (cell.command.empty()) {
      cell.command = answer.command;
      cell.seconds = answer.seconds;
      cell.cpu_seconds = answer.cpu_seconds;
    }
    return;
  }

  cell.reason.clear();
  cell.reused.clear();
  if (reference.reused) cell.reused.emplace_back("reference");
  if (withheld.reused) cell.reused.emplace_back("withheld");
  if (candidate.reused) cell.reused.emplace_back("candidate");
  Comparison comparison = compare(reference.facts, candidate.facts, withheld.facts);
  cell.outcome = judge(comparison);
  cell.facts = comparison.facts;
  cell.evidence = comparison.evidence;
  cell.changed = comparison.changed;
  cell.lost = comparison.lost;
  cell.gained = comparison.gained;
  cell.differences = std::move(comparison.differences);
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

void judge_ability(const Answer& reference, const Answer& withheld, const Answer& able,
                   CellResult& cell) {
  if (!reference.answered() || !withheld.answered() || cell.outcome == Outcome::vacuous) return;
  if (!able.answered()) {
    cell.outcome = able.ended;
    cell.reason = fmt::format("conventional pair found by {}: {}", cell.found_by, able.reason);
    cell.output_file = able.output.string();
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
