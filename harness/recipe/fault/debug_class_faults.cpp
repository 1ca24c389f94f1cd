// Faults in the debug file: what C++ adds.
#include "recipe/fault/die_places.h"
#include "recipe/fault/fault.h"

namespace splitstrip {
namespace {

Fault in_debug(std::string_view name, std::string_view what, std::string_view subject,
               void (*edit)(DwarfDraft&), std::string_view equivalent = {}) {
  return {name, what, subject, [edit](PairDraft& pair) { edit_debug(pair, edit); }, equivalent};
}

bool is_method(const Die& die, const Die& parent) {
  return die.tag() == DW_TAG_subprogram && is_record(parent);
}

void move_base(DwarfDraft& dwarf) {
  const Die die = dwarf.need("base class with an offset", [](const Die& one, const Die&) {
    return one.tag() == DW_TAG_inheritance &&
           one.unsigned_value(DW_AT_data_member_location).has_value();
  });
  dwarf.set(die, DW_AT_data_member_location, *die.unsigned_value(DW_AT_data_member_location) ^ 8);
}
void lose_base(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need(
      "base class", [](const Die& die, const Die&) { return die.tag() == DW_TAG_inheritance; }));
}
void lose_virtuality(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("virtual function",
                        [](const Die& die, const Die& parent) {
                          return is_method(die, parent) && die.has(DW_AT_virtuality);
                        }),
             DW_AT_virtuality);
}
void move_slot(DwarfDraft& dwarf) {
  const Die die = dwarf.need("virtual function", [&](const Die& one, const Die& parent) {
    return is_method(one, parent) && dwarf.block(one, DW_AT_vtable_elem_location).size() > 1;
  });
  dwarf.block(die, DW_AT_vtable_elem_location)[1] ^= std::byte{1};
}
void lose_method(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("method without code in the class", [](const Die& die, const Die& parent) {
    return is_method(die, parent) && !die.flag(DW_AT_artificial);
  }));
}
void change_accessibility(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("member with an accessibility",
                        [](const Die& die, const Die& parent) {
                          return is_record(parent) && die.has(DW_AT_accessibility) &&
                                 die.has(DW_AT_name);
                        }),
             DW_AT_accessibility);
}
void rename_linkage(DwarfDraft& dwarf) {
  dwarf.rename(dwarf.need("linkage name",
                          [](const Die& die, const Die&) {
                            return die.tag() == DW_TAG_subprogram && die.has(DW_AT_linkage_name);
                          }),
               DW_AT_linkage_name);
}
void rename_namespace(DwarfDraft& dwarf) {
  dwarf.rename(dwarf.need("namespace", [](const Die& die, const Die& parent) {
    return die.tag() == DW_TAG_namespace && die.string(DW_AT_name).value_or("").size() > 1 &&
           die.string(DW_AT_name) != "std" && parent.tag() == DW_TAG_compile_unit;
  }));
}
void retype_template(DwarfDraft& dwarf) {
  const Die die = dwarf.need("template argument of a base type", [](const Die& one, const Die&) {
    return one.tag() == DW_TAG_template_type_parameter && has_base_type(one);
  });
  dwarf.refer(die, DW_AT_type, other_base_type(dwarf, *die.reference(DW_AT_type)));
}
void lose_artificial(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("`this` of a method",
                        [](const Die& die, const Die& parent) {
                          return die.tag() == DW_TAG_formal_parameter &&
                                 die.flag(DW_AT_artificial) && parent.tag() == DW_TAG_subprogram &&
                                 !die.has(DW_AT_abstract_origin);
                        }),
             DW_AT_artificial);
}
void change_import(DwarfDraft& dwarf) {
  std::optional<Die> other;
  const Die die = dwarf.need("imported declaration", [&](const Die& one, const Die&) {
    if (one.tag() != DW_TAG_imported_declaration) return false;
    const auto imported = one.reference(DW_AT_import);
    if (!imported) return false;
    other = other_in_unit(dwarf, *imported, [&](const Die& like, const Die&) {
      return like.tag() == imported->tag() && like.has(DW_AT_name);
    });
    return other.has_value();
  });
  dwarf.refer(die, DW_AT_import, *other);
}
void lvalue_for_rvalue(DwarfDraft& dwarf) {
  dwarf.retag(
      dwarf.need("reference type",
                 [](const Die& die, const Die&) { return die.tag() == DW_TAG_reference_type; }),
      DW_TAG_pointer_type);
}

}  // namespace

std::vector<Fault> debug_class_faults() {
  return {
      in_debug("base-moved", "a base class is 8 bytes off", "cxxclass", move_base),
      in_debug("base-lost", "a class has one base less", "cxxclass", lose_base),
      in_debug("virtual-lost", "a virtual function is none", "cxxclass", lose_virtuality),
      in_debug("vtable-slot", "a virtual function has another slot", "cxxclass", move_slot),
      in_debug("method-lost", "a class has one method less", "cxxclass", lose_method),
      in_debug("accessibility", "a member lost its accessibility", "cxxclass",
               change_accessibility),
      in_debug("linkage-name", "a linkage name lacks its first letter", "cxxclass", rename_linkage),
      in_debug("namespace-name", "a namespace's name lacks its first letter", "cxxclass",
               rename_namespace),
      in_debug("this-explicit", "`this` of a method is a parameter like others", "cxxclass",
               lose_artificial),
      in_debug("reference-pointer", "a reference is a pointer", "cxxclass", lvalue_for_rvalue),
      in_debug("template-arg", "a template argument is another base type", "cxxgeneric",
               retype_template),
      in_debug("import-other", "a using-declaration is of another name", "cxxgeneric",
               change_import),
  };
}

}  // namespace splitstrip
