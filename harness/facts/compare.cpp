#include "facts/compare.h"

#include <algorithm>
#include <iterator>

#include "facts/fact_file.h"

namespace splitstrip {
namespace {

// A fact file read key by key: all values of one key at a time, sorted as they lie in the file.
class Groups {
 public:
  explicit Groups(const std::filesystem::path& file) : reader_(file), more_(reader_.next()) {}

  bool done() const { return !more_; }
  std::string_view key() const { return reader_.key(); }

  // The values of `key` if it comes next, else none.
  std::vector<std::string> take(std::string_view key) {
    std::vector<std::string> values;
    while (more_ && reader_.key() == key) {
      values.emplace_back(reader_.value());
      more_ = reader_.next();
    }
    return values;
  }

 private:
  FactReader reader_;
  bool more_;
};

using Values = std::vector<std::string>;

Values minus(const Values& from, const Values& what) {
  Values rest;
  std::set_difference(from.begin(), from.end(), what.begin(), what.end(), std::back_inserter(rest));
  return rest;
}

void count_key(Comparison& result, std::string_view key, const Values& reference,
               const Values& candidate, const Values& withheld) {
  const Values only_reference = minus(reference, candidate);
  const Values only_candidate = minus(candidate, reference);
  const auto changed = std::min(only_reference.size(), only_candidate.size());
  result.facts += reference.size();
  result.evidence += minus(reference, withheld).size();
  result.same += reference.size() - only_reference.size();
  result.changed += changed;
  result.lost += only_reference.size() - changed;
  result.gained += only_candidate.size() - changed;
  const auto text = [](const Values& values, std::size_t at) -> std::optional<std::string> {
    if (at >= values.size()) return std::nullopt;
    return unescape_fact(values[at]);
  };
  for (std::size_t i = 0; i < std::max(only_reference.size(), only_candidate.size()); ++i) {
    if (result.differences.size() == Comparison::kept_differences) return;
    result.differences.push_back(
        {unescape_fact(key), text(only_reference, i), text(only_candidate, i)});
  }
}

}  // namespace

Comparison compare(const std::filesystem::path& reference, const std::filesystem::path& candidate,
                   const std::filesystem::path& withheld) {
  Groups groups[] = {Groups(reference), Groups(candidate), Groups(withheld)};
  Comparison result;
  while (true) {
    const Groups* first = nullptr;
    for (const auto& group : groups) {
      if (!group.done() && (first == nullptr || group.key() < first->key())) first = &group;
    }
    if (first == nullptr) return result;
    const std::string key(first->key());
    const Values in_reference = groups[0].take(key);
    const Values in_candidate = groups[1].take(key);
    const Values in_withheld = groups[2].take(key);
    count_key(result, key, in_reference, in_candidate, in_withheld);
  }
}

}  // namespace splitstrip
