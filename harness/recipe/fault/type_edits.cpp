#include "recipe/fault/type_edits.h"

#include "recipe/fault/die_places.h"

namespace splitstrip {
namespace {

Die member(const DwarfDraft& dwarf, std::string_view what, bool (*more)(const Die&)) {
  return dwarf.need(what, [&](const Die& die, const Die& parent) {
    return die.tag() == DW_TAG_member && is_record(parent) && parent.has(DW_AT_name) &&
           die.has(DW_AT_name) && more(die);
  });
}

bool placed(const Die& die) {
  return die.unsigned_value(DW_AT_data_member_location).has_value();
}

Die bit_field(const DwarfDraft& dwarf) {
  return member(dwarf, "bit-field of more than one bit", [](const Die& die) {
    return die.unsigned_value(DW_AT_bit_size).value_or(0) > 1 && die.has(DW_AT_data_bit_offset);
  });
}

void retype(DwarfDraft& dwarf, const Die& die) {
  dwarf.refer(die, DW_AT_type, other_base_type(dwarf, *die.reference(DW_AT_type)));
}

// A pointer to a type with that qualifier points to the type without.
void drop_qualifier(DwarfDraft& dwarf, int tag, std::string_view what) {
  const Die pointer = dwarf.need(what, [&](const Die& die, const Die&) {
    if (die.tag() != DW_TAG_pointer_type) return false;
    const auto qualified = type_of(die, tag);
    return qualified && qualified->reference(DW_AT_type);
  });
  dwarf.refer(pointer, DW_AT_type, *pointer.reference(DW_AT_type)->reference(DW_AT_type));
}

bool named_parameter(const Die& die, const Die& parent) {
  return die.tag() == DW_TAG_formal_parameter && is_exported_function(parent) &&
         !die.flag(DW_AT_artificial);
}

Die function(const DwarfDraft& dwarf, std::string_view what, bool (*more)(const Die&)) {
  return dwarf.need(
      what, [&](const Die& die, const Die&) { return is_exported_function(die) && more(die); });
}

bool known_variable(const Die& die, const Die& parent) {
  return die.tag() == DW_TAG_variable && die.has(DW_AT_name) &&
         (parent.tag() == DW_TAG_compile_unit || parent.tag() == DW_TAG_namespace) &&
         !die.flag(DW_AT_declaration);
}

}  // namespace

void move_member(DwarfDraft& dwarf) {
  const Die die = member(dwarf, "member of a named structure", placed);
  dwarf.set(die, DW_AT_data_member_location, *die.unsigned_value(DW_AT_data_member_location) ^ 1);
}
void retype_member(DwarfDraft& dwarf) {
  retype(dwarf, member(dwarf, "member of a base type",
                       [](const Die& die) { return placed(die) && has_base_type(die); }));
}
void lose_member(DwarfDraft& dwarf) {
  dwarf.lose(member(dwarf, "member of a named structure", placed));
}
void rename_member(DwarfDraft& dwarf) {
  dwarf.rename(member(dwarf, "member with a longer name", [](const Die& die) {
    return placed(die) && die.string(DW_AT_name)->size() > 1;
  }));
}
void narrow_bit_field(DwarfDraft& dwarf) {
  const Die die = bit_field(dwarf);
  dwarf.set(die, DW_AT_bit_size, *die.unsigned_value(DW_AT_bit_size) - 1);
}
void move_bit_field(DwarfDraft& dwarf) {
  const Die die = bit_field(dwarf);
  dwarf.set(die, DW_AT_data_bit_offset, *dwarf.number(die, DW_AT_data_bit_offset) ^ 1);
}
void resize_record(DwarfDraft& dwarf) {
  const Die die = dwarf.need("named structure", [](const Die& one, const Die&) {
    return is_record(one) && one.has(DW_AT_name) &&
           one.unsigned_value(DW_AT_byte_size).value_or(0) > 1;
  });
  dwarf.set(die, DW_AT_byte_size, *die.unsigned_value(DW_AT_byte_size) ^ 8);
}
void union_for_struct(DwarfDraft& dwarf) {
  dwarf.retag(dwarf.need("named union",
                         [](const Die& die, const Die&) {
                           return die.tag() == DW_TAG_union_type && die.has(DW_AT_name) &&
                                  !die.has(DW_AT_declaration);
                         }),
              DW_TAG_structure_type);
}
void change_enumerator(DwarfDraft& dwarf) {
  const Die die = dwarf.need("enumerator", [&](const Die& one, const Die&) {
    const auto value = one.unsigned_value(DW_AT_const_value);
    return one.tag() == DW_TAG_enumerator && value && *value < 32;
  });
  dwarf.set(die, DW_AT_const_value, *die.unsigned_value(DW_AT_const_value) ^ 16);
}
void lose_enumerator(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("enumerator",
                        [](const Die& die, const Die&) { return die.tag() == DW_TAG_enumerator; }));
}
void resize_array(DwarfDraft& dwarf) {
  const auto bound = [](const Die& die) {
    return die.unsigned_value(DW_AT_upper_bound) ? DW_AT_upper_bound : DW_AT_count;
  };
  const Die die = dwarf.need("array of known size", [&](const Die& one, const Die& parent) {
    return one.tag() == DW_TAG_subrange_type && parent.tag() == DW_TAG_array_type &&
           !parent.has(DW_AT_GNU_vector) && one.unsigned_value(bound(one)).value_or(0) > 0;
  });
  dwarf.set(die, bound(die), *die.unsigned_value(bound(die)) ^ 1);
}
void retarget_typedef(DwarfDraft& dwarf) {
  retype(dwarf, dwarf.need("typedef of a base type", [](const Die& die, const Die&) {
    return die.tag() == DW_TAG_typedef && has_base_type(die);
  }));
}
void rename_typedef(DwarfDraft& dwarf) {
  dwarf.rename(dwarf.need("typedef", [](const Die& die, const Die&) {
    return die.tag() == DW_TAG_typedef && die.string(DW_AT_name).value_or("").size() > 1;
  }));
}
void drop_const(DwarfDraft& dwarf) {
  drop_qualifier(dwarf, DW_TAG_const_type, "pointer to const");
}
void drop_volatile(DwarfDraft& dwarf) {
  drop_qualifier(dwarf, DW_TAG_volatile_type, "pointer to volatile");
}
void swap_signedness(DwarfDraft& dwarf) {
  dwarf.set(dwarf.need("signed base type",
                       [](const Die& die, const Die&) {
                         return die.tag() == DW_TAG_base_type &&
                                die.unsigned_value(DW_AT_encoding) == std::uint64_t{DW_ATE_signed};
                       }),
            DW_AT_encoding, DW_ATE_unsigned);
}

void lose_parameter(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("parameter of an exported function", named_parameter));
}
void retype_parameter(DwarfDraft& dwarf) {
  retype(dwarf, dwarf.need("parameter of a base type", [](const Die& die, const Die& parent) {
    return named_parameter(die, parent) && has_base_type(die);
  }));
}
void swap_parameters(DwarfDraft& dwarf) {
  std::optional<Die> left, right;
  dwarf.first([&](const Die& die, const Die& parent) {
    if (!named_parameter(die, parent) || !die.reference(DW_AT_type)) return false;
    for (const Die& other : parent.children()) {
      if (other.offset() <= die.offset() || other.tag() != DW_TAG_formal_parameter) continue;
      const auto type = other.reference(DW_AT_type);
      if (!type || type->offset() == die.reference(DW_AT_type)->offset()) continue;
      left = die;
      right = other;
      return true;
    }
    return false;
  });
  if (!left) dwarf.no_place("exported function with two parameters of different types");
  const Die type = *left->reference(DW_AT_type);
  dwarf.refer(*left, DW_AT_type, *right->reference(DW_AT_type));
  dwarf.refer(*right, DW_AT_type, type);
}
void retype_return(DwarfDraft& dwarf) {
  retype(dwarf, function(dwarf, "exported function that returns a base type", has_base_type));
}
void lose_return(DwarfDraft& dwarf) {
  dwarf.lose(function(dwarf, "exported function that returns a base type", has_base_type),
             DW_AT_type);
}
void lose_varargs(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("exported function with `...`", [](const Die& die, const Die& parent) {
    return die.tag() == DW_TAG_unspecified_parameters && is_exported_function(parent);
  }));
}
void lose_prototyped(DwarfDraft& dwarf) {
  dwarf.lose(function(dwarf, "exported function `(void)`",
                      [](const Die& die) {
                        if (!die.flag(DW_AT_prototyped)) return false;
                        for (const Die& child : die.children())
                          if (child.tag() == DW_TAG_formal_parameter) return false;
                        return true;
                      }),
             DW_AT_prototyped);
}
void lose_noreturn(DwarfDraft& dwarf) {
  dwarf.lose(function(dwarf, "exported function that does not return",
                      [](const Die& die) { return die.flag(DW_AT_noreturn); }),
             DW_AT_noreturn);
}
void rename_parameter(DwarfDraft& dwarf) {
  dwarf.rename(dwarf.need("parameter with a longer name", [](const Die& die, const Die& parent) {
    return named_parameter(die, parent) && die.string(DW_AT_name).value_or("").size() > 1;
  }));
}
void rename_function(DwarfDraft& dwarf) {
  dwarf.rename(function(dwarf, "exported function", [](const Die&) { return true; }));
}
void lose_function(DwarfDraft& dwarf) {
  dwarf.lose(function(dwarf, "exported function", [](const Die&) { return true; }));
}
void lose_callback_parameter(DwarfDraft& dwarf) {
  dwarf.lose(
      dwarf.need("pointer to a function with parameters", [](const Die& die, const Die& parent) {
        return die.tag() == DW_TAG_formal_parameter && parent.tag() == DW_TAG_subroutine_type;
      }));
}

void retype_variable(DwarfDraft& dwarf) {
  retype(dwarf, dwarf.need("variable of a base type", [](const Die& die, const Die& parent) {
    return known_variable(die, parent) && has_base_type(die);
  }));
}
void lose_variable(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("variable", known_variable));
}

}  // namespace splitstrip
