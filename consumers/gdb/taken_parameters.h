// Which parameters a function takes, judged by all DIEs that describe it.
//
// No one DIE can be trusted with it. gcc's abstract instance of a constructor or destructor has
// `__in_chrg` and `__vtt_parm`, of which only the concrete one knows that they are not passed;
// clang's may lack parameters that the optimiser took, where the class or another unit declares
// them all; a Fortran compiler says by the parameter's location alone that a pointer is passed.
//
// Source: DWARF 5, 3.3; Itanium C++ ABI, 2.6.2 (VTT parameters) and 5.1.4.3 (constructor names).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "consumers/gdb/die_chain.h"

namespace splitstrip {

// Parameters come first; bounds what a damaged file makes of them.
constexpr std::size_t most_children = 4096;

struct TakenParameter {
  std::optional<Dwarf_Die> die;        // absent is `...`
  std::optional<Dwarf_Die> passed_at;  // the type of what is passed by its address (Fortran)
  bool descriptor = false;             // no array is passed, but what describes it
  bool any_rank = false;               // whatever its rank
};

// Whether DW_LANG_* `language` is a Fortran.
bool is_fortran(int language);

// Of the function that `definition` describes best. `declared` is another DIE of the same function,
// the one with the longest list, if there is one.
std::vector<TakenParameter> taken_parameters(const Dwarf_Die& definition,
                                             const std::optional<Dwarf_Die>& declared);

// Finds those that a Fortran function takes by address; of any other function nothing changes.
// `definition` is the DIE with the code: the types alone do not tell.
void find_passed_by_address(const Dwarf_Die& definition, std::vector<TakenParameter>& parameters);

// Whether `parameters` are fewer than a C++ function's name tells. clang leaves out what is never
// used and in no register: then nobody knows the types.
bool lacks_parameters(const Dwarf_Die& definition, std::string_view symbol,
                      const std::vector<TakenParameter>& parameters);

// How many the DIE itself lists, without those that compilers add.
std::size_t listed_parameters(const Dwarf_Die& function);

}  // namespace splitstrip
