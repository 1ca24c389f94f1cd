// The last pass: reads once more the types that remain after merging, and lays everything out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "typedata/gather.h"
#include "typedata/merge.h"
#include "typedata/object.h"

namespace splitstrip {

// A function or variable to be written.
struct Root {
  DieRef die;          // that describes it
  DieRef declaration;  // another unit's, see Decoder::function()
  bool function = false;
  bool resolver = false;     // `die` is an ifunc's resolver, which returns it
  bool incomplete = false;   // not all of its parameters are told
  bool keep_scope = false;   // it is a member of its namespace or class, under its own name
  std::string_view symbol;   // name of the exported symbol
  Record record;             // what it says
  std::string_view version;  // only if it is told apart by that: not the default version
};

struct EmitInput {
  const RawDwarf& dwarf;
  const std::vector<UnitScan>& scans;
  const Completions& completions;
  const Gatherer& gatherer;
  const Merged& merged;
  const std::vector<Root>& roots;
  // DW_LANG_* of the units, no two of one family; what is of none of these goes into the first.
  std::vector<std::uint16_t> languages;
  std::string_view name;  // of the units
  unsigned address_size = 8;
  bool big_endian = false;
};

TypedataSections emit_typedata(const EmitInput& input);

}  // namespace splitstrip
