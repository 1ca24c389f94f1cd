#include "consumers/perf/probed_functions.h"

#include <optional>
#include <set>

#include <dwarf.h>

#include "dwarf/debug_info.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

// A name that perf takes as one: its syntax gives a meaning to "@", ":", "+", "%", ";" and
// patterns.
bool plain(std::string_view name) {
  return !name.empty() && name.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
                              std::string_view::npos;
}

// A definition leaves its names to the declaration or abstract instance that it refers to; that
// there are two such steps is usual, more are not.
std::optional<std::string> name_of(Die die) {
  std::optional<std::string> name;
  for (int step = 0; step < 4; ++step) {
    if (const auto linkage = die.string(DW_AT_linkage_name)) return std::string(*linkage);
    if (const auto own = die.string(DW_AT_name); own && !name) name = *own;
    auto next = die.reference(DW_AT_abstract_origin);
    if (!next) next = die.reference(DW_AT_specification);
    if (!next) break;
    die = *next;
  }
  return name;
}

}  // namespace

std::vector<std::string> probed_functions(const std::filesystem::path& unstripped,
                                          std::size_t most) {
  std::optional<DebugInfo> info;
  try {
    info.emplace(DebugInfo::open(unstripped));
  } catch (const Error&) {
    return {};
  }
  std::set<std::string, std::less<>> names;
  std::set<std::string, std::less<>> parted;
  for (const Unit& unit : info->units()) {
    for (const Die& die : unit.die().children()) {
      if (die.tag() != DW_TAG_subprogram) continue;
      const bool parts = die.has(DW_AT_ranges);
      if (!parts && !die.has(DW_AT_low_pc)) continue;
      const auto name = name_of(die);
      if (name && plain(*name)) (parts ? parted : names).insert(*name);
    }
  }
  std::erase_if(names, [&](const auto& name) { return parted.contains(name); });
  std::vector<std::string> all(names.begin(), names.end());
  if (all.size() <= most) return all;
  std::vector<std::string> some;
  some.reserve(most);
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
  return some;
}

}  // namespace splitstrip
