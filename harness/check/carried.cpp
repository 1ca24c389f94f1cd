#include "check/carried.h"

#include <set>
#include <string_view>

#include "dwarf/debug_info.h"
#include "dwarf/die.h"
#include "elf/elf_file.h"
#include "elf/symbols.h"
#include "typedata/read.h"

namespace splitstrip {

namespace {

// Namespaces and classes within one another; typedata of real C++ libraries has fewer than twenty.
constexpr int deepest_scope = 100;

bool is_scope(int tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_module || tag == DW_TAG_class_type ||
         tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

// The names under which the symbol table knows what `scope` describes, methods and static members
// included.
void collect_described(const Die& scope, int depth, std::set<std::string_view>& names) {
  if (depth == deepest_scope) return;
  for (const Die& die : scope.children()) {
    const int tag = die.tag();
    if (tag == DW_TAG_subprogram || tag == DW_TAG_variable || tag == DW_TAG_member) {
      auto name = die.string(DW_AT_linkage_name);
      if (!name) name = die.string(DW_AT_name);
      if (name) names.insert(*name);
    } else if (is_scope(tag)) {
      collect_described(die, depth + 1, names);
    }
  }
}

}  // namespace

std::optional<TypedataInfo> carried_typedata(const std::filesystem::path& main) {
  const ElfFile file = ElfFile::open(main);
  const auto packed = find_typedata(file);
  if (!packed) return std::nullopt;
  const DebugInfo info(open_typedata(file));
  std::set<std::string_view> described;
  for (const Unit& unit : info.units()) collect_described(unit.die(), 0, described);
  std::set<std::string_view> exported;
  for (const auto& symbol : exported_symbols(file)) exported.insert(symbol.name);

  TypedataInfo carried;
  carried.bytes = packed->size();
  carried.exported = exported.size();
  for (const auto& name : exported) carried.typed += described.count(name);
  return carried;
}

}  // namespace splitstrip
