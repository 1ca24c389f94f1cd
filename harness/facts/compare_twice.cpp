#include "facts/compare_twice.h"

#include <algorithm>

#include "facts/fact_groups.h"

namespace splitstrip {
namespace {

void count_unsteady(TwiceCompared& result, const char* side, const std::string& key,
                    const FactValues& first, const FactValues& second) {
  const FactValues only_first = minus(first, second);
  const FactValues only_second = minus(second, first);
  const auto count = std::max(only_first.size(), only_second.size());
  result.unsteady += count;
  for (std::size_t i = 0; i < count; ++i) {
    if (result.examples.size() == Comparison::kept_differences) return;
    result.examples.push_back(
        {side, unescape_fact(key), value_at(only_first, i), value_at(only_second, i)});
  }
}

// `missing` is what the reference told both times and the candidate neither, `more` the other way
// round.
void count_repeated(Comparison& result, const std::string& key, const FactValues& missing,
                    const FactValues& more) {
  const auto changed = std::min(missing.size(), more.size());
  result.changed += changed;
  result.lost += missing.size() - changed;
  result.gained += more.size() - changed;
  for (std::size_t i = 0; i < std::max(missing.size(), more.size()); ++i) {
    if (result.differences.size() == Comparison::kept_differences) return;
    result.differences.push_back({unescape_fact(key), value_at(missing, i), value_at(more, i)});
  }
}

}  // namespace

TwiceCompared compare_twice(const AskedTwice& reference, const AskedTwice& candidate) {
  FactGroups groups[] = {FactGroups(reference.first), FactGroups(reference.second),
                         FactGroups(candidate.first), FactGroups(candidate.second)};
  TwiceCompared result;
  while (const auto key = first_key(groups)) {
    const FactValues reference_first = groups[0].take(*key);
    const FactValues reference_second = groups[1].take(*key);
    const FactValues candidate_first = groups[2].take(*key);
    const FactValues candidate_second = groups[3].take(*key);
    count_unsteady(result, "reference", *key, reference_first, reference_second);
    count_unsteady(result, "candidate", *key, candidate_first, candidate_second);
    count_repeated(
        result.repeated, *key,
        common(minus(reference_first, candidate_first), minus(reference_second, candidate_second)),
        common(minus(candidate_first, reference_first), minus(candidate_second, reference_second)));
  }
  return result;
}

}  // namespace splitstrip
