#include "facts/compare.h"

#include <algorithm>

#include "facts/fact_groups.h"

namespace splitstrip {
namespace {

void count_key(Comparison& result, std::string_view key, const FactValues& reference,
               const FactValues& candidate, const FactValues& withheld) {
  const FactValues only_reference = minus(reference, candidate);
  const FactValues only_candidate = minus(candidate, reference);
  const auto changed = std::min(only_reference.size(), only_candidate.size());
  result.facts += reference.size();
  result.evidence += minus(reference, withheld).size();
  result.same += reference.size() - only_reference.size();
  result.changed += changed;
  result.lost += only_reference.size() - changed;
  result.gained += only_candidate.size() - changed;
  for (std::size_t i = 0; i < std::max(only_reference.size(), only_candidate.size()); ++i) {
    if (result.differences.size() == Comparison::kept_differences) return;
    result.differences.push_back(
        {unescape_fact(key), value_at(only_reference, i), value_at(only_candidate, i)});
  }
}

}  // namespace

Comparison compare(const std::filesystem::path& reference, const std::filesystem::path& candidate,
                   const std::filesystem::path& withheld) {
  FactGroups groups[] = {FactGroups(reference), FactGroups(candidate), FactGroups(withheld)};
  Comparison result;
  while (const auto key = first_key(groups)) {
    const FactValues in_reference = groups[0].take(*key);
    const FactValues in_candidate = groups[1].take(*key);
    const FactValues in_withheld = groups[2].take(*key);
    count_key(result, *key, in_reference, in_candidate, in_withheld);
  }
  return result;
}

}  // namespace splitstrip
