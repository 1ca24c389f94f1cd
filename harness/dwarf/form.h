// One attribute's value out of .debug_info.
//
// Source: DWARF 5, 7.5.4 to 7.5.6.
#pragma once

#include <string_view>

#include "dwarf/raw.h"

namespace splitstrip {

struct RawValue {
  enum class Kind : std::uint8_t {
    none,  // absent, or it points outside of its section
    address,
    constant,         // number, as it stands there: zero-extended
    signed_constant,  // number, two's complement
    flag,
    string,
    block,      // also an expression
    reference,  // die
    offset,     // number: into another section
    list_index  // number: DW_FORM_rnglistx, DW_FORM_loclistx
  };

  Kind kind = Kind::none;
  bool wide = false;  // a block that came as DW_FORM_data16
  std::uint64_t number = 0;
  DieRef die;
  std::string_view string;
  ByteSpan block;

  bool is_number() const { return kind == Kind::constant || kind == Kind::signed_constant; }
};

// The string at an offset into a string section; no data() if it does not lie in there.
inline std::string_view string_at(ByteSpan section, std::uint64_t offset) {
  Bytes in(section, false);
  in.seek(offset);
  return in.string();
}

// Moves past an attribute. An unknown form makes `in` fail: nothing after it can be found.
void skip_form(Bytes& in, std::uint16_t form, const RawUnit& unit);

inline void skip_attribute(Bytes& in, const AbbrevAttribute& attribute, const RawUnit& unit) {
  if (attribute.size != AbbrevAttribute::kVaries) {
    in.skip(attribute.size);
  } else {
    skip_form(in, attribute.form, unit);
  }
}

// Reads an attribute and moves past it. `in` is the unit's bytes.
RawValue read_form(Bytes& in, const AbbrevAttribute& attribute, const RawDwarf& dwarf,
                   const RawUnit& unit);

// Skips all attributes of a DIE.
inline void skip_attributes(Bytes& in, const Abbrev& abbrev, const RawUnit& unit) {
  if (abbrev.size != Abbrev::kVaries) {
    in.skip(abbrev.size);
    return;
  }
  const AbbrevAttribute* attribute = unit.abbrevs->attributes(abbrev);
  for (unsigned i = 0; i < abbrev.count; ++i) skip_attribute(in, attribute[i], unit);
}

// With `in` behind the attributes of a DIE that has children: moves behind the zero that ends them.
void skip_children(Bytes& in, const RawUnit& unit);

// Address number `index` of the unit's part of .debug_addr.
std::optional<std::uint64_t> indexed_address(const RawDwarf& dwarf, const RawUnit& unit,
                                             std::uint64_t index);

}  // namespace splitstrip
