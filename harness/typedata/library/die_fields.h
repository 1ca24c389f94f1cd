// What one DIE says, as far as types go: read in one pass over its attributes.
//
// Source: DWARF 5, 7.5.
#pragma once

#include <cstdint>

#include <dwarf.h>

#include "dwarf/abbrev.h"
#include "dwarf/bytes.h"

namespace splitstrip::library {

// A unit of .debug_info with its abbreviations.
struct DwarfUnit {
  std::uint64_t begin = 0;  // of the header, in the section
  std::uint64_t end = 0;
  std::uint64_t first_die = 0;  // in the section
  FormSizes sizes;
  const AbbrevTable* abbrevs = nullptr;
  std::uint64_t language = DW_LANG_C;
};

// The sections that DIEs take strings from.
struct DwarfStrings {
  ByteSpan str, line_str;
};

struct Number {
  bool present = false;
  bool negative = false;
  std::uint64_t value = 0;  // two's complement
};

struct DieFields {
  std::uint16_t tag = 0;
  bool children = false;
  const char* name = "";  // NUL-terminated, in the section
  const char* linkage_name = "";
  // Offsets of DIEs in the section; 0 without the attribute, ~0 for what leads nowhere.
  std::uint64_t type = 0;
  bool declaration = false;
  bool prototyped = false;
  bool external = false;
  bool noreturn = false;
  bool vector = false;
  std::uint64_t convention = 0;  // DW_CC_*
  Number byte_size, encoding, alignment;
  Number member_location, data_bit_offset, bit_offset, bit_size;
  bool has_location = false;  // also of a form that is no number
  Number const_value, lower, upper, count;
  bool moving_lower = false;  // DW_AT_lower_bound is computed at run time
};

// Reads the DIE at `in`, which is the whole section, and moves behind its attributes. false at the
// zero that ends a list of children, and for what cannot be read: `in` has failed then.
bool read_die(Bytes& in, const DwarfUnit& unit, const DwarfStrings& strings, DieFields& fields);

}  // namespace splitstrip::library
