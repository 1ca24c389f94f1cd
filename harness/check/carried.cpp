#include "check/carried.h"

#include <set>
#include <string_view>

#include "dwarf/debug_info.h"
#include "elf/elf_file.h"
#include "elf/symbols.h"
#include "typedata/load.h"
#include "typedata/read.h"

namespace splitstrip {

std::optional<TypedataInfo> carried_typedata(const std::filesystem::path& main) {
  const ElfFile file = ElfFile::open(main);
  const auto packed = find_typedata(file);
  if (!packed) return std::nullopt;
  const DebugInfo info(open_typedata(file));
  const Interface interface = load_interface(info);

  std::set<std::string_view> described;
  for (const auto& function : interface.functions) described.insert(function.symbol());
  for (const auto& object : interface.objects) described.insert(object.symbol());
  std::set<std::string_view> exported;
  for (const auto& symbol : exported_symbols(file)) exported.insert(symbol.name);

  TypedataInfo carried;
  carried.bytes = packed->size();
  carried.exported = exported.size();
  for (const auto& name : exported) carried.typed += described.count(name);
  return carried;
}

}  // namespace splitstrip
