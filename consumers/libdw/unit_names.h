// What the units of a debug file are called, each differently.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include <dwarf.h>
#include <elfutils/libdw.h>

namespace splitstrip {

// A unit's name is its DW_AT_name. Where several have one name, as with assembly that is assembled
// more than once and with link-time optimisation, the address of its first code is added, and then
// a number in the order of the file.
class UnitNames {
 public:
  explicit UnitNames(Dwarf* dwarf);

  // The name for this unit, which is the next one of those that have its name.
  std::string operator()(Dwarf_Die& unit);

 private:
  std::unordered_map<std::string, int> with_name_, given_;
};

// Calls visit(unit DIE, DW_UT_*) for each unit of the file that stands for itself: not for partial
// units, and for a skeleton with what libdw finds of its .dwo.
template <typename Visit>
void each_unit(Dwarf* dwarf, Visit visit) {
  Dwarf_CU* cu = nullptr;
  Dwarf_Die root;
  Dwarf_Die split;
  std::uint8_t type = 0;
  Dwarf_Half version = 0;
  while (dwarf_get_units(dwarf, cu, &cu, &version, &type, &root, &split) == 0) {
    const bool has_split = type == DW_UT_skeleton && dwarf_tag(&split) > 0;
    Dwarf_Die& whole = has_split ? split : root;
    if (dwarf_tag(&whole) != DW_TAG_partial_unit) visit(whole, type);
  }
}

}  // namespace splitstrip
