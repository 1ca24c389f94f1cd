#include "facts/fact_groups.h"

#include <algorithm>
#include <iterator>

namespace splitstrip {

FactValues minus(const FactValues& from, const FactValues& what) {
  FactValues rest;
  std::ranges::set_difference(from, what, std::back_inserter(rest));
  return rest;
}

FactValues common(const FactValues& left, const FactValues& right) {
  FactValues both;
  std::ranges::set_intersection(left, right, std::back_inserter(both));
  return both;
}

std::optional<std::string> value_at(const FactValues& values, std::size_t at) {
  if (at >= values.size()) return std::nullopt;
  return unescape_fact(values[at]);
}

FactValues FactGroups::take(std::string_view key) {
  FactValues values;
  while (more_ && reader_.key() == key) {
    values.emplace_back(reader_.value());
    more_ = reader_.next();
  }
  return values;
}

std::optional<std::string> first_key(std::span<const FactGroups> groups) {
  const FactGroups* first = nullptr;
  for (const auto& group : groups) {
    if (!group.done() && (first == nullptr || group.key() < first->key())) first = &group;
  }
  if (first == nullptr) return std::nullopt;
  return std::string(first->key());
}

}  // namespace splitstrip
