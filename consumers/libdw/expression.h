// Location expressions and location lists as text (DWARF 5, 2.5 and 2.6).
#pragma once

#include <functional>
#include <string>

#include <elfutils/libdw.h>

namespace splitstrip {

// How a DIE that an operation refers to is written.
using ReferToDie = std::function<std::string(Dwarf_Die die)>;

// The operations of an attribute that is one expression, operands and all: "fbreg -24; deref". One
// that is a location list: "[0x1000,0x1010) reg5; ...". "unreadable" where libdw cannot decode it.
std::string expression_text(Dwarf_Attribute& attribute, const ReferToDie& refer);

// The offset that a member location of DWARF 2 computes ("plus_uconst 8") as the plain number that
// later versions have in its place; otherwise as above.
std::string member_location_text(Dwarf_Attribute& attribute, const ReferToDie& refer);

}  // namespace splitstrip
