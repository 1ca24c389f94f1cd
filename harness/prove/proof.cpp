#include "prove/proof.h"

#include <algorithm>
#include <set>
#include <utility>

#include "recipe/fault/fault.h"

namespace splitstrip {
namespace {

using State = FaultProof::State;

bool noticed(Outcome outcome) {
  const Standing what = standing(outcome);
  return what == Standing::regressed || what == Standing::failed;
}

State judge_state(const FaultProof& proof) {
  if (!proof.reason.empty()) return State::not_planted;
  if (proof.cells == 0) return State::not_asked;
  if (proof.noticed.empty()) return proof.equivalent.empty() ? State::unnoticed : State::equivalent;
  return proof.equivalent.empty() ? State::noticed : State::not_equivalent;
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::noticed:
      return "noticed";
    case State::equivalent:
      return "equivalent";
    case State::unnoticed:
      return "unnoticed";
    case State::not_equivalent:
      return "not equivalent";
    case State::not_planted:
      return "not planted";
    case State::not_asked:
      return "not asked";
  }
  return "";
}

FaultProof judge_fault(const PlannedFault& planned, const std::vector<CellResult>& cells) {
  FaultProof proof{planned.name,
                   planned.group,
                   planned.what,
                   planned.equivalent,
                   planned.subject,
                   planned.found_by,
                   State::not_asked,
                   "",
                   {},
                   0};
  const std::string recipe = std::string(fault_prefix) + planned.name;
  const std::string not_made = "recipe " + recipe + ": ";
  std::set<std::pair<std::string_view, std::string_view>> good;
  for (const CellResult& cell : cells)
    if (cell.subject == planned.subject && cell.found_by == planned.found_by &&
        cell.recipe == "typedata" && standing(cell.outcome) == Standing::passed)
      good.emplace(cell.consumer, cell.query);
  for (const CellResult& cell : cells) {
    if (cell.subject != planned.subject || cell.found_by != planned.found_by ||
        cell.recipe != recipe || !good.contains({cell.consumer, cell.query}))
      continue;
    // The check names the recipe where it made no pair.
    if (const auto at = cell.reason.find(not_made);
        at != std::string::npos && proof.reason.empty() && cell.outcome == Outcome::error) {
      proof.reason = cell.reason.substr(at + not_made.size());
    }
    ++proof.cells;
    if (noticed(cell.outcome))
      proof.noticed.push_back({cell.consumer, cell.query, cell.outcome, cell.changed, cell.lost});
  }
  if (!proof.reason.empty()) proof.noticed.clear();
  proof.state = judge_state(proof);
  return proof;
}

int Proof::exit() const {
  const auto any = [&](std::initializer_list<State> states) {
    return std::ranges::any_of(faults, [&](const FaultProof& fault) {
      return std::ranges::find(states, fault.state) != states.end();
    });
  };
  if (any({State::unnoticed, State::not_equivalent})) return 1;
  return faults.empty() || any({State::not_planted, State::not_asked}) ? 2 : 0;
}

}  // namespace splitstrip
