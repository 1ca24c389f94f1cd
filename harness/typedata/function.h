// What a definition leaves to another DIE: DW_AT_abstract_origin and DW_AT_specification; and where
// a variable lies.
//
// Source: DWARF 5, 2.13.2, 2.6.1, 3.3.8.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dwarf/form.h"

namespace splitstrip {

struct DieNames {
  std::string_view name, linkage_name;
};

// The DIE itself and then those that it leaves things to, nearest first. Bounded.
std::vector<DieRef> origin_chain(const RawDwarf& dwarf, DieRef die);

// The first name and linkage name along that chain.
DieNames inherited_names(const RawDwarf& dwarf, DieRef die);

// A location that is the same for the whole life of the program.
struct StaticLocation {
  enum class Kind : std::uint8_t { none, address, tls };
  Kind kind = Kind::none;
  std::uint64_t value = 0;  // an address, or an offset in the module's TLS block
};

StaticLocation static_location(const RawDwarf& dwarf, const RawUnit& unit, ByteSpan expression);

}  // namespace splitstrip
