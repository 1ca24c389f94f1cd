// How to write a record in C so that a compiler lays it out as DWARF says it is laid out.
//
// A compiler that is given the members alone uses natural alignment; where the recorded layout is
// another one, attributes (packed, aligned) and padding make up for the difference. What was meant
// in the source is preferred, what works comes next: packed with explicit padding reproduces every
// layout in which members do not overlap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "typedata/interface.h"

namespace splitstrip {

struct FieldPlan {
  std::size_t member = 0;          // index into Type::members
  std::uint64_t padding_bits = 0;  // to be filled before it
  std::uint64_t aligned = 0;       // attribute, in bytes; 0 for none
  bool as_bytes = false;           // as unsigned char[bytes]: its type cannot be written here
  std::uint64_t bytes = 0;
};

struct RecordPlan {
  bool opaque = false;        // not expressible member by member: only size and alignment are kept
  bool packed = false;        // attribute
  std::uint64_t aligned = 0;  // attribute, in bytes; 0 for none
  std::uint64_t tail_bytes = 0;   // of padding at the end
  std::uint64_t alignment = 1;    // that results, in bytes
  std::vector<FieldPlan> fields;  // in order of their place
};

class CLayout {
 public:
  explicit CLayout(const Interface& interface);

  // For a record with a definition. The reference is valid as long as this object.
  const RecordPlan& plan(TypeId record);
  // As compiled from what is printed, in bytes; 1 for what has none.
  std::uint64_t alignment(TypeId id);

 private:
  std::uint64_t base_alignment(std::uint64_t size) const;
  std::optional<RecordPlan> lay_out(const Type& type, bool packed);
  bool place_bit_field(const Member& member, bool packed, std::uint64_t& cursor, RecordPlan& plan,
                       FieldPlan& field);
  bool place_member(const Type& type, std::size_t order, bool packed, std::uint64_t& cursor,
                    RecordPlan& plan, FieldPlan& field);

  const Interface& interface_;
  std::vector<std::optional<RecordPlan>> plans_;
  std::vector<std::size_t> order_;  // of the members of the record at hand
};

}  // namespace splitstrip
