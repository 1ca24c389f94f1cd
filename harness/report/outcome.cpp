#include "report/outcome.h"

#include <algorithm>
#include <numeric>

namespace splitstrip {
namespace {

// Indexed by the enumerators.
constexpr std::array<std::string_view, all_outcomes.size()> outcome_names = {
    "same",     "gained",  "regressed", "vacuous", "unavailable",
    "unstable", "timeout", "crashed",   "error"};
constexpr std::array<std::string_view, 5> verdict_names = {"same", "regressed", "missing", "failed",
                                                           "vacuous"};

// From harmless to what a person has to hear of first.
constexpr std::array badness = {Outcome::same,    Outcome::gained,   Outcome::unavailable,
                                Outcome::vacuous, Outcome::unstable, Outcome::timeout,
                                Outcome::crashed, Outcome::error,    Outcome::regressed};

}  // namespace

std::string_view to_string(Outcome outcome) {
  return outcome_names.at(static_cast<std::size_t>(outcome));
}

std::optional<Outcome> parse_outcome(std::string_view name) {
  for (const auto outcome : all_outcomes)
    if (to_string(outcome) == name) return outcome;
  return std::nullopt;
}

Standing standing(Outcome outcome) {
  switch (outcome) {
    case Outcome::same:
    case Outcome::gained:
      return Standing::passed;
    case Outcome::regressed:
      return Standing::regressed;
    case Outcome::vacuous:
    case Outcome::unavailable:
    case Outcome::unstable:
      return Standing::unproven;
    case Outcome::timeout:
    case Outcome::crashed:
    case Outcome::error:
      break;
  }
  return Standing::failed;
}

Outcome worse(Outcome left, Outcome right) {
  const auto rank = [](Outcome outcome) { return std::ranges::find(badness, outcome); };
  return rank(left) < rank(right) ? right : left;
}

std::uint64_t OutcomeCounts::of(Standing group) const {
  std::uint64_t sum = 0;
  for (const auto outcome : all_outcomes)
    if (standing(outcome) == group) sum += of(outcome);
  return sum;
}

std::uint64_t OutcomeCounts::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::string_view to_string(Verdict verdict) {
  return verdict_names.at(static_cast<std::size_t>(verdict));
}

std::optional<Verdict> parse_verdict(std::string_view name) {
  const auto found = std::ranges::find(verdict_names, name);
  if (found == verdict_names.end()) return std::nullopt;
  return static_cast<Verdict>(found - verdict_names.begin());
}

Verdict judge(const OutcomeCounts& counts, const RequiredUnmet& required) {
  if (counts.of(Standing::regressed) > 0) return Verdict::regressed;
  if (counts.of(Standing::failed) > 0 || required.unstable > 0) return Verdict::failed;
  if (required.silent > 0) return Verdict::missing;
  if (counts.of(Standing::passed) > 0) return Verdict::same;
  return counts.total() > 0 ? Verdict::vacuous : Verdict::failed;
}

int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::same:
    case Verdict::vacuous:
      return 0;
    case Verdict::regressed:
    case Verdict::missing:
      return 1;
    case Verdict::failed:
      break;
  }
  return 2;
}

}  // namespace splitstrip
