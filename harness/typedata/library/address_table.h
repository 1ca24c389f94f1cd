// Exported symbols by their addresses in the running program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "typedata/library/dwarf_types.h"
#include "typedata/library/loaded_module.h"

namespace splitstrip::library {

// A symbol that other modules bind to.
struct ExportedSymbol {
  std::string name;
  std::string version;  // empty if it has none
  bool default_version = true;
  bool function = false;
  bool resolved = false;      // STT_GNU_IFUNC: its address is where another address is found
  std::uint64_t address = 0;  // within the module
};

// Where the symbols stand, copied out of the file: it need not stay open.
struct SymbolSections {
  std::vector<std::byte> symbols, names, versions, definitions, version_names;
  bool is_64 = true;
  bool big_endian = false;
};

// Of .dynsym; nothing of what is damaged.
SymbolSections read_symbols(const ElfImage& file);

// Without thread-local objects, which have no one address.
std::vector<ExportedSymbol> exported_symbols(const SymbolSections& sections);

class AddressTable {
 public:
  AddressTable(const std::vector<ExportedSymbol>& symbols, const DwarfTypes& types,
               const LoadedModule& module);

  struct Entry {
    std::uintptr_t address;
    typedata_type type;
    const char* symbol;
    bool function;
  };
  // nullptr if the types tell of none at that address.
  const Entry* find(const void* address, bool function) const;

 private:
  std::vector<Entry> entries_;      // ascending
  std::vector<std::string> names_;  // of the entries
};

// The type of an exported symbol: of NAME@VERSION if that is told apart, else of NAME.
typedata_type find_symbol(const DwarfTypes& types, std::string_view symbol, bool function);

}  // namespace splitstrip::library
