// Location lists: .debug_loc and .debug_loclists.
//
// Source: DWARF 4, 2.6.2; DWARF 5, 2.6.2 and 7.29.
#pragma once

#include <vector>

#include "dwarf/form.h"

namespace splitstrip {

// The expressions of what a DW_AT_location of `unit` holds, in their order, whatever addresses each
// is for: one if it is an expression itself, none if it cannot be read.
std::vector<ByteSpan> location_expressions(const RawDwarf& dwarf, const RawUnit& unit,
                                           const RawValue& value);

}  // namespace splitstrip
