// Address ranges of a unit or function: .debug_ranges and .debug_rnglists.
//
// Source: DWARF 4, 2.17.3; DWARF 5, 2.17.3 and 7.25.
#pragma once

#include <cstdint>
#include <vector>

#include "dwarf/form.h"

namespace splitstrip {

struct AddressRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // behind the last byte
};

// The ranges that a DW_AT_ranges of `unit` names, in their order; those that could be read.
std::vector<AddressRange> address_ranges(const RawDwarf& dwarf, const RawUnit& unit,
                                         const RawValue& value);

}  // namespace splitstrip
