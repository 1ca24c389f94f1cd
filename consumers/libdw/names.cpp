#include "consumers/libdw/names.h"

#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

namespace splitstrip {
namespace {

struct Entry {
  unsigned number;
  const char* name;
};

constexpr Entry tags[] = {
#include "dwarf_tags.inc"
};
constexpr Entry attributes[] = {
#include "dwarf_attributes.inc"
};
constexpr Entry operations[] = {
#include "dwarf_operations.inc"
};

// Of several names of one number the first counts.
std::vector<Entry> sorted(std::span<const Entry> entries) {
  std::vector<Entry> list(entries.begin(), entries.end());
  std::stable_sort(list.begin(), list.end(),
                   [](const Entry& a, const Entry& b) { return a.number < b.number; });
  return list;
}

std::string find(const std::vector<Entry>& list, unsigned number, const char* what) {
  const auto at =
      std::lower_bound(list.begin(), list.end(), number,
                       [](const Entry& entry, unsigned value) { return entry.number < value; });
  return at != list.end() && at->number == number ? at->name
                                                  : fmt::format("{} {:#x}", what, number);
}

}  // namespace

std::string tag_name(unsigned tag) {
  static const auto list = sorted(tags);
  return find(list, tag, "tag");
}

std::string attribute_name(unsigned attribute) {
  static const auto list = sorted(attributes);
  return find(list, attribute, "attribute");
}

std::string operation_name(unsigned operation) {
  static const auto list = sorted(operations);
  return find(list, operation, "operation");
}

}  // namespace splitstrip
