// The index of a .dwp package: which part of each of its sections belongs to which unit.
//
// Sources: DWARF 5, 7.3.5; "DWARF package file format", version 2, of the GNU extension (GDB wiki,
// DebugFissionDWP).
#pragma once

#include <cstdint>
#include <vector>

#include "dwarf/bytes.h"

namespace splitstrip {

// Part of a section; size 0 if the unit has none there.
struct SplitPart {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct SplitRow {
  std::uint64_t id = 0;  // dwo_id of a compilation unit, signature of a type unit
  SplitPart info, types, abbrev, str_offsets, rnglists;
};

// Of .debug_cu_index or .debug_tu_index, in the order of the table. Empty if it is of another
// version or does not fit into the section. Parts are as the file says: they may lie outside of
// their sections.
std::vector<SplitRow> read_split_index(Bytes in);

// The part's bytes; none if it does not lie within.
inline ByteSpan part_of(ByteSpan section, const SplitPart& part) {
  if (part.offset > section.size() || part.size > section.size() - part.offset) return {};
  return section.subspan(part.offset, part.size);
}

}  // namespace splitstrip
