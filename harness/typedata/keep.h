// What typedata keeps: the closed lists of tags and attributes. All else is left behind: locations,
// lines, locals, inlined calls, coordinates of declarations.
#pragma once

#include <array>
#include <cstdint>

namespace splitstrip {

// A DIE that may be the target of a DW_AT_type.
bool is_type_tag(std::uint16_t tag);

// A DIE that types and functions may be members of: namespaces, modules, classes.
bool is_scope_tag(std::uint16_t tag);

// A class, struct, union or enumeration: what a name identifies across units.
bool is_aggregate_tag(std::uint16_t tag);

enum class Keep : std::uint8_t {
  no,
  yes,
  location,  // a number, or an expression that is or computes an offset
  bound,     // a number; anything computed at run time is dropped
  type,      // refers to a type
  origin,    // DW_AT_abstract_origin, DW_AT_specification
  old_bits,  // DW_AT_bit_offset of DWARF 2 and 3
  signature,
  inner,  // refers to a DIE of the same type
  sibling,
};

namespace keep_detail {
// Standard attributes; they are numbered without gaps worth speaking of.
extern const std::array<Keep, 0x90> standard;
Keep vendor(std::uint16_t name);
}  // namespace keep_detail

inline Keep keep_attribute(std::uint16_t name) {
  return name < keep_detail::standard.size() ? keep_detail::standard[name]
                                             : keep_detail::vendor(name);
}

}  // namespace splitstrip
