// What a Fortran compiler passes for an array whose shape the caller decides, and the characters
// that have no DIE.
//
// Source: DWARF 5, 2.22 and 5.18.1: DW_AT_data_location, DW_AT_rank.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dwarf/raw.h"

namespace splitstrip {

struct ArrayDescriptor {
  // In bytes; 0 if the DWARF does not tell. Of an array of any rank that of the highest rank.
  std::uint32_t size = 0;
  bool any_rank = false;
};

// What the array's DIE computes its place and bounds from; nothing for an array that lies where its
// own location says.
std::optional<ArrayDescriptor> array_descriptor(const RawDwarf& dwarf, DieRef array);

// The element of DW_TAG_string_type, as C has it: `char`, and what DW_AT_encoding C's has there.
inline constexpr std::string_view kCharacterName = "char";
std::uint64_t character_encoding(std::uint16_t machine);

}  // namespace splitstrip
