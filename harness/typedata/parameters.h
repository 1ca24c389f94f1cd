// Which parameters a function has: its DIEs tell it more or less completely, each in its own way.
//
// - An optimised instance may lack what the optimiser took, and so may the abstract one (clang):
// the
//   longest list is the function's.
// - GCC's abstract constructors and destructors, and their declarations, have parameters that the
//   code takes in no or in one of its copies only (__in_chrg, __vtt_parm): the concrete DIE knows.
// - Old GCC has a pack's parameters twice: in DW_TAG_GNU_formal_parameter_pack, and as NAME#0 …
// - Fortran passes by reference and gives the type of what is referred to: the location tells.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dwarf/raw.h"
#include "typedata/passing_place.h"

namespace splitstrip {

struct ParameterDie {
  DieRef die;             // DW_TAG_formal_parameter or DW_TAG_unspecified_parameters
  std::uint16_t tag = 0;  // which of them
  // Where the argument lies; looked up in Fortran alone.
  ArgumentPlace place = ArgumentPlace::unknown;
};

// `chain` is origin_chain() of the function's DIE; a declaration that it does not refer to may
// follow. A DIE that cannot be read has none.
std::vector<ParameterDie> function_parameters(const RawDwarf& dwarf, std::span<const DieRef> chain);

}  // namespace splitstrip
