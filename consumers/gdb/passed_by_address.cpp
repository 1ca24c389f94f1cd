// What a Fortran function takes: of nearly everything the address, which its DWARF tells by the
// parameter's location and by no type.
//
// Source: DWARF 5, 2.6, 5.5 and 5.18.1; Fortran 2018, 18.3.6 (what C's interface has instead).
#include <algorithm>

#include "consumers/gdb/taken_parameters.h"

namespace splitstrip {
namespace {

// No type is wrapped more often; bounds circles.
constexpr int most_steps = 64;

enum class Place { unknown, value, address };

int language_of(Dwarf_Die function) {
  Dwarf_Die unit;
  return dwarf_diecu(&function, &unit, nullptr, nullptr) == nullptr ? 0 : dwarf_srclang(&unit);
}

// Whether the array is of the rank that its descriptor tells. Fortran has fifteen dimensions at
// most, and before DWARF 5 gfortran writes them all.
bool is_of_any_rank(Dwarf_Die array) {
  Dwarf_Die dimension;
  if (dwarf_hasattr(&array, DW_AT_rank)) return true;
  if (dwarf_child(&array, &dimension) != 0) return false;
  int count = 1;
  while (count < 15 && dwarf_siblingof(&dimension, &dimension) == 0) ++count;
  return count == 15;
}

// One expression. What lies where a register points, or where a pointer on the stack leads, was
// passed by that; what is in a register or on the stack itself, by value.
Place place_of(const Dwarf_Op* ops, std::size_t count) {
  if (count == 0) return Place::unknown;
  const auto between = [](int atom, int first, int last) { return atom >= first && atom <= last; };
  const int first = ops[0].atom;
  const int last = ops[count - 1].atom;
  if (count == 1) {
    if (between(first, DW_OP_reg0, DW_OP_reg31) || first == DW_OP_regx) return Place::value;
    if (first == DW_OP_fbreg || first == DW_OP_call_frame_cfa) return Place::value;
    if (between(first, DW_OP_breg0, DW_OP_breg31))
      return ops[0].number == 0 ? Place::address : Place::value;
    if (first == DW_OP_entry_value || first == DW_OP_GNU_entry_value) return Place::address;
  }
  if (last == DW_OP_deref && count == 2) return Place::address;
  if (last == DW_OP_piece) return Place::value;
  // The parameter's value is what the register held when the function was entered.
  if (count == 2 && last == DW_OP_stack_value &&
      (first == DW_OP_entry_value || first == DW_OP_GNU_entry_value))
    return Place::value;
  return Place::unknown;
}

// Of the places that a parameter is at one after the other, the first that tells.
Place place_of(Dwarf_Die parameter) {
  Dwarf_Attribute attribute;
  if (dwarf_attr(&parameter, DW_AT_location, &attribute) == nullptr) return Place::unknown;
  Dwarf_Addr base = 0;
  Dwarf_Addr begin = 0;
  Dwarf_Addr end = 0;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  std::ptrdiff_t offset = 0;
  for (int i = 0; i < most_steps; ++i) {
    offset = dwarf_getlocations(&attribute, offset, &base, &begin, &end, &ops, &count);
    if (offset <= 0) break;
    if (const Place place = place_of(ops, count); place != Place::unknown) return place;
  }
  return Place::unknown;
}

std::uint64_t origin(const Dwarf_Die& parameter) {
  return dwarf_dieoffset(&chain_of(parameter).back());
}

// Of the parameter as the DIE with the code has it, which may be another than the one at hand.
Place place_in(Dwarf_Die function, const Dwarf_Die& parameter) {
  Dwarf_Die child;
  if (dwarf_child(&function, &child) != 0) return Place::unknown;
  for (std::size_t i = 0; i < most_children; ++i) {
    if (dwarf_tag(&child) == DW_TAG_formal_parameter && origin(child) == origin(parameter))
      return place_of(child);
    const auto offset = dwarf_dieoffset(&child);
    if (dwarf_siblingof(&child, &child) != 0 || dwarf_dieoffset(&child) <= offset) break;
  }
  return Place::unknown;
}

std::optional<Dwarf_Die> type_of(const Dwarf_Die& die) {
  for (Dwarf_Die& link : chain_of(die)) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (dwarf_attr(&link, DW_AT_type, &attribute) != nullptr &&
        dwarf_formref_die(&attribute, &type) != nullptr)
      return type;
  }
  return std::nullopt;
}

// What a type is below const and volatile.
std::optional<Dwarf_Die> unqualified(std::optional<Dwarf_Die> type) {
  for (int i = 0; type && i < most_steps; ++i) {
    const int tag = dwarf_tag(&*type);
    if (tag != DW_TAG_const_type && tag != DW_TAG_volatile_type) break;
    type = type_of(*type);
  }
  return type;
}

bool is(std::optional<Dwarf_Die>& type, int tag) {
  return type && dwarf_tag(&*type) == tag;
}

bool is_artificial(const Dwarf_Die& parameter) {
  return std::ranges::any_of(chain_of(parameter),
                             [](Dwarf_Die& link) { return flag_of(link, DW_AT_artificial); });
}

void find(Place place, TakenParameter& parameter) {
  const auto type = type_of(*parameter.die);
  auto seen = unqualified(type);
  // What is made up for the call, as a string's length, comes by value; all else as Fortran has it.
  if (place == Place::unknown)
    place = is_artificial(*parameter.die) ? Place::value : Place::address;
  if (is(seen, DW_TAG_array_type)) {
    parameter.descriptor =
        dwarf_hasattr(&*seen, DW_AT_data_location) || dwarf_hasattr(&*seen, DW_AT_rank);
    parameter.any_rank = parameter.descriptor && is_of_any_rank(*seen);
    // Without one it is the address of the first element.
    for (int i = 0; !parameter.descriptor && is(seen, DW_TAG_array_type) && i < most_steps; ++i)
      seen = unqualified(type_of(*seen));
    parameter.passed_at = seen;
  } else if (is(seen, DW_TAG_string_type)) {
    if (place == Place::address || dwarf_bytesize(&*seen) != 1) parameter.passed_at = seen;
  } else if (place == Place::address) {
    parameter.passed_at = type;
  } else if (is(seen, DW_TAG_pointer_type) || is(seen, DW_TAG_reference_type)) {
    // Where the caller wants the string that the function returns.
    auto target = unqualified(type_of(*seen));
    if (is(target, DW_TAG_string_type)) parameter.passed_at = target;
  }
}

}  // namespace

bool is_fortran(int language) {
  switch (language) {
    case DW_LANG_Fortran77:
    case DW_LANG_Fortran90:
    case DW_LANG_Fortran95:
    case DW_LANG_Fortran03:
    case DW_LANG_Fortran08:
    case 0x2d:  // DW_LANG_Fortran18
      return true;
    default:
      return false;
  }
}

void find_passed_by_address(const Dwarf_Die& definition, std::vector<TakenParameter>& parameters) {
  if (!is_fortran(language_of(definition))) return;
  for (TakenParameter& one : parameters)
    if (one.die) find(place_in(definition, *one.die), one);
}

}  // namespace splitstrip
