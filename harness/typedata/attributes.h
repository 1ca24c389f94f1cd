// The attributes of one DIE that typedata keeps, in the one form that records have.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "dwarf/form.h"
#include "typedata/keep.h"
#include "typedata/record.h"

namespace splitstrip {

// Filled over and over; holds no memory of its own.
class KeptAttributes {
 public:
  // `in` stands behind the abbreviation code, and is left behind the attributes.
  void read(Bytes& in, const Abbrev& abbrev, const RawDwarf& dwarf, const RawUnit& unit);

  std::span<const RecordAttribute> all() const { return {kept_.data(), count_}; }
  const RecordAttribute* find(std::uint16_t name) const {
    return (seen_ & bit(name)) == 0 ? nullptr : search(name);
  }
  bool has_flag(std::uint16_t name) const { return find(name) != nullptr; }
  // Adds an attribute, unless there is one of that name already.
  void add(const RecordAttribute& attribute);
  void remove(std::uint16_t name);

  DieRef origin;                                // DW_AT_abstract_origin or DW_AT_specification
  bool origin_is_abstract = false;              // it was DW_AT_abstract_origin
  DieRef signature;                             // DW_AT_signature
  std::optional<std::uint64_t> old_bit_offset;  // DW_AT_bit_offset
  std::uint32_t sibling = 0;                    // offset in the unit, or 0
  std::uint32_t discriminant = 0;   // offset in the unit of what DW_AT_discr means, or 0
  bool moving_lower_bound = false;  // DW_AT_lower_bound, computed at run time

 private:
  static std::uint64_t bit(std::uint16_t name) { return std::uint64_t{1} << (name % 64U); }
  const RecordAttribute* search(std::uint16_t name) const;
  bool take_common(Bytes& in, const AbbrevAttribute& attribute, Keep keep, const RawDwarf& dwarf,
                   const RawUnit& unit);
  void take(std::uint16_t name, Keep keep, const RawValue& value, const RawDwarf& dwarf,
            const RawUnit& unit);
  void take_plain(std::uint16_t name, const RawValue& value);

  // More than any producer writes on a DIE that matters here; what does not fit is dropped.
  std::array<RecordAttribute, 24> kept_;
  std::size_t count_ = 0;
  std::uint64_t seen_ = 0;  // a bit for each name modulo 64: most questions are answered with no
};

}  // namespace splitstrip
