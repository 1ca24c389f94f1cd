// Faults in the debug file: types, prototypes and variables.
#include "recipe/fault/die_places.h"
#include "recipe/fault/fault.h"
#include "recipe/fault/number.h"
#include "recipe/fault/type_edits.h"

namespace splitstrip {
namespace {

Fault in_debug(std::string_view name, std::string_view what, std::string_view subject,
               void (*edit)(DwarfDraft&), std::string_view equivalent = {}) {
  return {name, what, subject, [edit](PairDraft& pair) { edit_debug(pair, edit); }, equivalent};
}

bool variable_with_address(const Die& die, const Die&) {
  return die.tag() == DW_TAG_variable && die.form(DW_AT_location) == DW_FORM_exprloc;
}

void move_variable(DwarfDraft& dwarf) {
  const Die die = dwarf.need("variable with an address", [&](const Die& one, const Die& parent) {
    if (!variable_with_address(one, parent)) return false;
    const std::span<std::byte> expression = dwarf.block(one, DW_AT_location);
    return expression.size() > 4 && expression[0] == std::byte{DW_OP_addr};
  });
  dwarf.block(die, DW_AT_location)[1] ^= std::byte{8};  // its lowest or highest byte
}

Die local(const DwarfDraft& dwarf, std::string_view what, bool (*more)(const Die&)) {
  return dwarf.need(what, [&](const Die& die, const Die& parent) {
    return die.tag() == DW_TAG_variable && die.has(DW_AT_name) &&
           (parent.tag() == DW_TAG_subprogram || parent.tag() == DW_TAG_lexical_block) && more(die);
  });
}
void retype_local(DwarfDraft& dwarf) {
  const Die die = local(dwarf, "local variable of a base type", has_base_type);
  dwarf.refer(die, DW_AT_type, other_base_type(dwarf, *die.reference(DW_AT_type)));
}
void lose_local(DwarfDraft& dwarf) {
  dwarf.lose(local(dwarf, "local variable", [](const Die&) { return true; }));
}
void change_constant(DwarfDraft& dwarf) {
  const Die die = dwarf.need("variable whose value is a constant", [](const Die& one, const Die&) {
    return one.tag() == DW_TAG_variable && one.unsigned_value(DW_AT_const_value).value_or(99) < 32;
  });
  dwarf.set(die, DW_AT_const_value, *die.unsigned_value(DW_AT_const_value) ^ 1);
}
void lose_structure(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("named structure", [](const Die& die, const Die&) {
    return is_record(die) && die.has(DW_AT_name) && die.has(DW_AT_byte_size);
  }));
}
void lose_external(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("exported function",
                        [](const Die& die, const Die&) {
                          return is_exported_function(die) && die.flag(DW_AT_external);
                        }),
             DW_AT_external);
}
Die function_with(const DwarfDraft& dwarf, unsigned attribute) {
  return dwarf.need("function whose declaration has a place", [&](const Die& die, const Die&) {
    return is_exported_function(die) && die.has(DW_AT_low_pc) && die.has(attribute);
  });
}
void move_declaration(DwarfDraft& dwarf) {
  const Die die = function_with(dwarf, DW_AT_decl_line);
  dwarf.set(die, DW_AT_decl_line, *die.unsigned_value(DW_AT_decl_line) ^ 1);
}
void move_declaration_column(DwarfDraft& dwarf) {
  const Die die = function_with(dwarf, DW_AT_decl_column);
  dwarf.set(die, DW_AT_decl_column, *die.unsigned_value(DW_AT_decl_column) ^ 1);
}
void move_declaration_file(DwarfDraft& dwarf) {
  dwarf.set(function_with(dwarf, DW_AT_decl_file), DW_AT_decl_file, 2);
}
void lose_vector(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("vector type",
                        [](const Die& die, const Die&) {
                          return die.tag() == DW_TAG_array_type && die.has(DW_AT_GNU_vector);
                        }),
             DW_AT_GNU_vector);
}
void change_alignment(DwarfDraft& dwarf) {
  const Die die = dwarf.need("type with an alignment of its own", [](const Die& one, const Die&) {
    return is_record(one) && one.unsigned_value(DW_AT_alignment).has_value();
  });
  dwarf.set(die, DW_AT_alignment, *die.unsigned_value(DW_AT_alignment) / 2);
}
void lose_atomic(DwarfDraft& dwarf) {
  dwarf.retag(dwarf.need("atomic type", [](const Die& die,
                                           const Die&) { return die.tag() == DW_TAG_atomic_type; }),
              DW_TAG_const_type);
}

}  // namespace

std::vector<Fault> debug_type_faults() {
  return {
      in_debug("member-moved", "a member's offset is off by one", "types", move_member),
      in_debug("member-type", "a member has another base type", "types", retype_member),
      in_debug("member-lost", "a structure has one member less", "types", lose_member),
      in_debug("member-name", "a member's name lacks its first letter", "types", rename_member),
      in_debug("bit-size", "a bit-field has one bit less", "types", narrow_bit_field),
      in_debug("bit-offset", "a bit-field begins one bit beside", "types", move_bit_field),
      in_debug("struct-size", "a structure's size is 8 bytes off", "types", resize_record),
      in_debug("struct-lost", "a structure is of a tag that nobody knows", "types", lose_structure),
      in_debug("union-struct", "a union is a struct", "types", union_for_struct),
      in_debug("alignment", "a structure's alignment is half of what it is", "types",
               change_alignment),
      in_debug("enum-value", "an enumerator's value is 16 off", "types", change_enumerator),
      in_debug("enum-lost", "an enumeration has one enumerator less", "types", lose_enumerator),
      in_debug("array-bound", "an array's length is off by one", "types", resize_array),
      in_debug("vector-lost", "a vector type is a plain array", "types", lose_vector),
      in_debug("typedef-target", "a typedef stands for another base type", "types",
               retarget_typedef),
      in_debug("typedef-name", "a typedef's name lacks its first letter", "types", rename_typedef),
      in_debug("const-lost", "a pointer to const points to what is not const", "types", drop_const),
      in_debug("volatile-lost", "a pointer to volatile points to what is not", "types",
               drop_volatile),
      in_debug("atomic-const", "an atomic type is a const one", "types", lose_atomic),
      in_debug("signedness", "a signed base type is unsigned", "types", swap_signedness),
      in_debug("param-lost", "an exported function has one parameter less", "types",
               lose_parameter),
      in_debug("param-name", "a parameter's name lacks its first letter", "types",
               rename_parameter),
      in_debug("param-type", "a parameter has another base type", "types", retype_parameter),
      in_debug("param-swapped", "two parameters have each other's type", "types", swap_parameters),
      in_debug("return-type", "an exported function returns another base type", "types",
               retype_return),
      in_debug("return-lost", "an exported function returns nothing", "types", lose_return),
      in_debug("varargs-lost", "a function with `...` has none", "types", lose_varargs),
      in_debug("prototyped-lost", "a function `(void)` is not prototyped", "data", lose_prototyped),
      in_debug("noreturn-lost", "a function that does not return does not say so", "calls",
               lose_noreturn),
      in_debug("callback-param", "a pointed-to function has one parameter less", "types",
               lose_callback_parameter),
      in_debug("function-name", "an exported function's name lacks its first letter", "calls",
               rename_function),
      in_debug("function-lost", "an exported function is of a tag that nobody knows", "calls",
               lose_function),
      in_debug("external-lost", "an exported function is static", "calls", lose_external),
      in_debug("variable-type", "a variable has another base type", "data", retype_variable),
      in_debug("variable-lost", "a variable is of a tag that nobody knows", "data", lose_variable),
      in_debug("variable-moved", "a variable's address is 8 bytes off", "data", move_variable),
      in_debug("local-type", "a local variable has another base type", "calls", retype_local),
      in_debug("local-lost", "a local variable is of a tag that nobody knows", "calls", lose_local),
      in_debug("constant-value", "a variable that is a constant has another value", "cxxgeneric",
               change_constant),
      in_debug("decl-line", "a function is declared one line beside", "calls", move_declaration),
      in_debug("decl-column", "a function is declared one column beside", "calls",
               move_declaration_column),
      in_debug("decl-file", "a function is declared in another file", "calls",
               move_declaration_file),
  };
}

}  // namespace splitstrip
