#include "consumers/systemtap/names.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include <dwarf.h>
#include <fmt/format.h>

#include "dwarf/debug_info.h"
#include "elf/elf_file.h"
#include "elf/symbols.h"

namespace splitstrip {
namespace {

bool identifier(std::string_view text) {
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos &&
         (text[0] < '0' || text[0] > '9');
}

// The unit's own file, without its directory: with it stap looks for a variable in this unit only,
// instead of in all, each time. Empty if it holds what would be a pattern.
std::string file_name(const Die& unit) {
  const auto path = unit.string(DW_AT_name);
  if (!path) return {};
  const std::string name(path->substr(path->rfind('/') + 1));
  return name.find_first_of("*?[]\\\"@$") == std::string::npos ? name : std::string();
}

// The name of a top-level entry. A definition whose declaration lies elsewhere leaves it there.
std::optional<std::string_view> name_of(const Die& die) {
  if (const auto name = die.string(DW_AT_name)) return name;
  for (const unsigned origin : {DW_AT_specification, DW_AT_abstract_origin})
    if (const auto from = die.reference(origin))
      if (const auto name = from->string(DW_AT_name)) return name;
  return std::nullopt;
}

std::set<std::string, std::less<>> tls_symbols(const std::filesystem::path& file) {
  std::set<std::string, std::less<>> names;
  const ElfFile elf = ElfFile::open(file);
  for (const auto& symbols : {full_symbols(elf), dynamic_symbols(elf)})
    for (const auto& symbol : symbols)
      if (symbol.type == STT_TLS) names.emplace(symbol.name);
  return names;
}

std::vector<std::string> listed(const std::set<std::string, std::less<>>& names) {
  return {names.begin(), names.end()};
}

}  // namespace

Names names_of(const std::filesystem::path& unstripped) {
  std::set<std::string, std::less<>> functions;
  std::set<std::string, std::less<>> variables;
  std::set<std::string, std::less<>> types;
  const auto thread_local_names = tls_symbols(unstripped);
  const DebugInfo info = DebugInfo::open(unstripped);
  for (const Unit& unit : info.units()) {
    const std::string file = file_name(unit.die());
    for (const Die& die : unit.die().children()) {
      const int tag = die.tag();
      const bool type = tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
      if ((!type && tag != DW_TAG_subprogram && tag != DW_TAG_variable) ||
          die.flag(DW_AT_declaration))
        continue;
      const auto name = name_of(die);
      if (!name || !identifier(*name)) continue;
      if (tag == DW_TAG_subprogram) {
        functions.emplace(*name);
      } else if (tag == DW_TAG_variable) {
        if (!file.empty() && !thread_local_names.contains(*name))
          variables.insert(fmt::format("{}@{}", *name, file));
      } else {
        types.insert((tag == DW_TAG_union_type ? "union " : "struct ") + std::string(*name));
      }
    }
  }
  return {listed(functions), listed(variables), listed(types)};
}

std::vector<std::string> spread(const std::vector<std::string>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<std::string> some;
  some.reserve(most);
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
  return some;
}

}  // namespace splitstrip
