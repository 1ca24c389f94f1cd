// Merges types across units by content.
//
// Two types are one if everything about them is the same and what they refer to is the same: the
// coarsest such partition, cycles included. A first pass hashes each type with all that it refers
// to, but takes a named class, struct, union or enumeration for its name. Where a name means one
// thing throughout, as nearly always, that is exact. Where it means several, their hashes take the
// place of the name, and the pass is repeated until nothing splits further.
#pragma once

#include <cstdint>
#include <vector>

#include "typedata/gather.h"

namespace splitstrip {

struct Merged {
  // For each entity the lowest entity that is the same type; for one that another stands for, that
  // of the other; Gathered::kNone where there is no type.
  std::vector<std::uint32_t> same;
};

Merged merge_types(const Gathered& gathered);

}  // namespace splitstrip
