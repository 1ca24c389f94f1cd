// A DIE and what it leaves to others: for those who look into DWARF with libdw alone.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <dwarf.h>
#include <elfutils/libdw.h>

namespace splitstrip {

// No DIE refers to another by so many steps; bounds circles.
constexpr std::size_t most_origins = 16;

// The DIE and those that it leaves things to by DW_AT_abstract_origin or DW_AT_specification,
// nearest first.
std::vector<Dwarf_Die> chain_of(const Dwarf_Die& die);

// An attribute of this very DIE; empty, or false, if it has none.
std::string_view text_of(Dwarf_Die& die, unsigned name);
bool flag_of(Dwarf_Die& die, unsigned name);

}  // namespace splitstrip
