#include "recipe/fault/die_places.h"

namespace splitstrip {

bool is_exported_function(const Die& die) {
  return die.tag() == DW_TAG_subprogram && !die.flag(DW_AT_declaration) && die.has(DW_AT_name) &&
         (die.flag(DW_AT_external) || !die.has(DW_AT_low_pc));
}

bool is_record(const Die& die) {
  const int tag = die.tag();
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

std::optional<Die> type_of(const Die& die, int tag) {
  auto type = die.reference(DW_AT_type);
  if (type && type->tag() != tag) type.reset();
  return type;
}

bool has_base_type(const Die& die) {
  return type_of(die, DW_TAG_base_type).has_value();
}

std::optional<Die> other_in_unit(const DwarfDraft& dwarf, const Die& like,
                                 const DwarfDraft::Suits& suits) {
  const std::uint64_t unit = dwarf.unit_begin(like);
  return dwarf.first([&](const Die& die, const Die& parent) {
    return die.offset() != like.offset() && dwarf.unit_begin(die) == unit && suits(die, parent);
  });
}

Die other_base_type(const DwarfDraft& dwarf, const Die& like) {
  const auto size = like.unsigned_value(DW_AT_byte_size);
  const auto suits = [&](const Die& die, bool any_size) {
    return die.tag() == DW_TAG_base_type && die.has(DW_AT_name) &&
           (any_size || die.unsigned_value(DW_AT_byte_size) != size);
  };
  for (const bool any_size : {false, true}) {
    const auto found = other_in_unit(
        dwarf, like, [&](const Die& die, const Die&) { return suits(die, any_size); });
    if (found) return *found;
  }
  dwarf.no_place("unit with two base types");
}

}  // namespace splitstrip
