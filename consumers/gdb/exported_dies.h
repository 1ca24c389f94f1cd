// Which DIE describes each exported function and object: where the query `typedata` looks.
//
// Made with libdw alone, and with none of harness/typedata, which is what is being checked. It says
// which DIE to look at; what that DIE says, gdb must tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dwarf/debug_info.h"
#include "elf/elf_file.h"

namespace splitstrip {

// In which sort of file the DIEs are looked for.
enum class Described {
  by_address,  // a debug file: by address, then by name, then by another name of the same address
  by_name,     // typedata, which has no addresses: NAME@VERSION, then NAME
};

struct PlacedDie {
  std::uint64_t offset = 0;  // in .debug_info
  bool common = false;       // of dwz's common file
};

struct ExportedParameter {
  std::optional<PlacedDie> die;        // absent is `...`
  std::optional<PlacedDie> passed_at;  // its type, if what is passed is a pointer to one
  bool descriptor = false;             // or to what describes an array of that type
  bool any_rank = false;               // of as many dimensions as the caller's has
};

struct ExportedDie {
  std::string name;  // of the symbol; NAME@VERSION if that is not the default version
  bool function = false;
  std::uint64_t unit = 0;  // offset of its unit's DIE in .debug_info
  int language = 0;        // of that unit, DW_LANG_...; of most others if it says none
  PlacedDie die;
  std::vector<ExportedParameter> parameters;  // of a function, by all DIEs that describe it
};

// What lies at the address of an export that no DIE describes here: another file may (split DWARF).
struct ExportElsewhere {
  std::string name;
  bool function = false;
  std::uint64_t address = 0;
};

// A name that more than one type of one unit has, without its scope and template arguments.
struct SharedTypeName {
  std::string name;
  std::uint64_t unit = 0;  // as in ExportedDie
};

struct ExportedDies {
  std::vector<ExportedDie> found;          // in the order of .dynsym
  std::vector<ExportElsewhere> elsewhere;  // empty unless there are skeleton units
  std::vector<SharedTypeName> shared;      // of the units of `found`
};

// Looks in `dwarf` for what describes the exports of `library`. DIEs in dwz's common file are found
// only from those in `dwarf`. Throws Error for damaged DWARF.
ExportedDies exported_dies(const ElfFile& library, const DebugInfo& dwarf, Described how);

}  // namespace splitstrip
