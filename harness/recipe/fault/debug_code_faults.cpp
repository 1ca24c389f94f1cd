// Faults in the debug file: which code is whose, and where variables are.
#include "facts/error.h"
#include "recipe/fault/die_places.h"
#include "recipe/fault/fault.h"
#include "recipe/fault/lists.h"
#include "recipe/fault/number.h"

namespace splitstrip {
namespace {

Fault in_debug(std::string_view name, std::string_view what, std::string_view subject,
               void (*edit)(DwarfDraft&), std::string_view equivalent = {}) {
  return {name, what, subject, [edit](PairDraft& pair) { edit_debug(pair, edit); }, equivalent};
}

Die function(const DwarfDraft& dwarf, std::string_view what, bool (*more)(const Die&)) {
  return dwarf.need(what, [&](const Die& die, const Die&) {
    return die.tag() == DW_TAG_subprogram && die.has(DW_AT_low_pc) && more(die);
  });
}
Die any_of(const DwarfDraft& dwarf, std::string_view what, int tag, unsigned attribute) {
  return dwarf.need(what, [&](const Die& die, const Die&) {
    return die.tag() == tag && (attribute == 0 || die.has(attribute));
  });
}

void move_low_pc(DwarfDraft& dwarf) {
  const Die die = function(dwarf, "function", [](const Die&) { return true; });
  dwarf.set(die, DW_AT_low_pc, *dwarf.number(die, DW_AT_low_pc) + 1);
}
void shorten_function(DwarfDraft& dwarf) {
  const Die die = function(dwarf, "function of some length", [](const Die& one) {
    return one.unsigned_value(DW_AT_high_pc).value_or(0) > 8;
  });
  dwarf.set(die, DW_AT_high_pc, *die.unsigned_value(DW_AT_high_pc) / 2);
}
void change_frame_base(DwarfDraft& dwarf) {
  const Die die = dwarf.need("function with variables in a frame", [&](const Die& one, const Die&) {
    if (one.tag() != DW_TAG_subprogram || dwarf.block(one, DW_AT_frame_base).empty()) return false;
    for (const Die& child : one.children()) {
      const std::span<std::byte> expression = dwarf.block(child, DW_AT_location);
      if (!expression.empty() && expression[0] == std::byte{DW_OP_fbreg}) return true;
    }
    return false;
  });
  dwarf.block(die, DW_AT_frame_base)[0] = std::byte{DW_OP_reg7};
}
void change_expression(DwarfDraft& dwarf) {
  const Die die = dwarf.need("variable in the frame", [&](const Die& one, const Die&) {
    const std::span<std::byte> expression = dwarf.block(one, DW_AT_location);
    return expression.size() > 1 && expression[0] == std::byte{DW_OP_fbreg};
  });
  dwarf.block(die, DW_AT_location)[1] ^= std::byte{8};
}

void lose_inlined(DwarfDraft& dwarf) {
  dwarf.lose(any_of(dwarf, "inlined call", DW_TAG_inlined_subroutine, 0));
}
// Another function that is inlined somewhere in the same unit.
void change_origin(DwarfDraft& dwarf) {
  std::optional<Die> other;
  const Die die = dwarf.need("two inlined functions", [&](const Die& one, const Die&) {
    const auto origin = one.reference(DW_AT_abstract_origin);
    if (one.tag() != DW_TAG_inlined_subroutine || !origin) return false;
    other = other_in_unit(dwarf, *origin, [&](const Die& function_die, const Die&) {
      return function_die.tag() == DW_TAG_subprogram && function_die.has(DW_AT_inline);
    });
    return other.has_value();
  });
  dwarf.refer(die, DW_AT_abstract_origin, *other);
}
void move_inlined_call(DwarfDraft& dwarf) {
  const Die die = any_of(dwarf, "inlined call", DW_TAG_inlined_subroutine, DW_AT_call_line);
  dwarf.set(die, DW_AT_call_line, *die.unsigned_value(DW_AT_call_line) ^ 1);
}
void move_inlined_file(DwarfDraft& dwarf) {
  const Die die = any_of(dwarf, "inlined call", DW_TAG_inlined_subroutine, DW_AT_call_file);
  dwarf.set(die, DW_AT_call_file, *die.unsigned_value(DW_AT_call_file) + 1);
}
void move_inlined_entry(DwarfDraft& dwarf) {
  const Die die = any_of(dwarf, "inlined call", DW_TAG_inlined_subroutine, DW_AT_entry_pc);
  dwarf.set(die, DW_AT_entry_pc, *dwarf.number(die, DW_AT_entry_pc) + 1);
}
void lose_block(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("block with variables", [](const Die& die, const Die&) {
    if (die.tag() != DW_TAG_lexical_block) return false;
    for (const Die& child : die.children())
      if (child.tag() == DW_TAG_variable) return true;
    return false;
  }));
}

void lose_call_site(DwarfDraft& dwarf) {
  dwarf.lose(any_of(dwarf, "call site", DW_TAG_call_site, 0));
}
void move_call_site(DwarfDraft& dwarf) {
  const Die die = any_of(dwarf, "call site", DW_TAG_call_site, DW_AT_call_return_pc);
  dwarf.set(die, DW_AT_call_return_pc, *dwarf.number(die, DW_AT_call_return_pc) + 1);
}
void lose_tail_call(DwarfDraft& dwarf) {
  dwarf.lose(any_of(dwarf, "tail call", DW_TAG_call_site, DW_AT_call_tail_call));
}
void change_call_origin(DwarfDraft& dwarf) {
  std::optional<Die> other;
  const Die die = dwarf.need("call site of one of two functions", [&](const Die& one, const Die&) {
    const auto origin = one.reference(DW_AT_call_origin);
    if (one.tag() != DW_TAG_call_site || !origin) return false;
    other = other_in_unit(dwarf, *origin, [&](const Die& function_die, const Die&) {
      return function_die.tag() == DW_TAG_subprogram && function_die.has(DW_AT_low_pc);
    });
    return other.has_value();
  });
  dwarf.refer(die, DW_AT_call_origin, *other);
}
void change_call_value(DwarfDraft& dwarf) {
  const Die die =
      dwarf.need("argument whose value at the call is known", [&](const Die& one, const Die&) {
        const auto value = dwarf.block(one, DW_AT_call_value);
        return one.tag() == DW_TAG_call_site_parameter && value.size() == 1 &&
               value[0] >= std::byte{DW_OP_lit0} && value[0] < std::byte{DW_OP_reg0};
      });
  dwarf.block(die, DW_AT_call_value)[0] ^= std::byte{1};
}

// The first list of a variable or parameter that `change` finds a place in.
void edit_location_list(PairDraft& pair,
                        bool (*change)(std::span<std::byte> lists, const ListEntry& entry)) {
  std::vector<std::byte>& lists = pair.debug.content(".debug_loclists");
  DwarfDraft dwarf(pair.debug.elf(), pair.debug.content(".debug_info"),
                   pair.debug.content(".debug_abbrev"));
  const unsigned address_size = pair.debug.elf().is_64() ? 8 : 4;
  dwarf.need("location list of the right kind", [&](const Die& die, const Die&) {
    if (die.form(DW_AT_location) != DW_FORM_sec_offset) return false;
    const auto offset = dwarf.number(die, DW_AT_location).value_or(lists.size());
    for (const ListEntry& entry : list_entries(lists, offset, true, address_size))
      if (change(lists, entry)) return true;
    return false;
  });
}
void change_listed_location(PairDraft& pair) {
  edit_location_list(pair, [](std::span<std::byte> lists, const ListEntry& entry) {
    if (entry.expression_size == 0) return false;
    std::byte& operation = lists[entry.expression_at];
    if (operation < std::byte{DW_OP_reg0} || operation > std::byte{DW_OP_reg15}) return false;
    operation ^= std::byte{1};
    return true;
  });
}
void shorten_listed_range(PairDraft& pair) {
  edit_location_list(pair, [](std::span<std::byte> lists, const ListEntry& entry) {
    if (entry.end_size == 0) return false;
    const std::span<std::byte> end = lists.subspan(entry.end_at, entry.end_size);
    const std::uint64_t value = get_uleb(end);
    return value > 4 && put_uleb(end, value - 2);
  });
}
void lose_location(DwarfDraft& dwarf) {
  dwarf.lose(dwarf.need("variable with a location list",
                        [](const Die& die, const Die& parent) {
                          return die.tag() == DW_TAG_formal_parameter &&
                                 parent.tag() == DW_TAG_subprogram &&
                                 die.form(DW_AT_location) == DW_FORM_sec_offset;
                        }),
             DW_AT_location);
}

void shorten_ranges(PairDraft& pair) {
  std::vector<std::byte>& lists = pair.debug.content(".debug_rnglists");
  DwarfDraft dwarf(pair.debug.elf(), pair.debug.content(".debug_info"),
                   pair.debug.content(".debug_abbrev"));
  const unsigned address_size = pair.debug.elf().is_64() ? 8 : 4;
  dwarf.need("block or inlined call of several ranges", [&](const Die& die, const Die&) {
    if (die.form(DW_AT_ranges) != DW_FORM_sec_offset) return false;
    const auto offset = dwarf.number(die, DW_AT_ranges).value_or(lists.size());
    for (const ListEntry& entry : list_entries(lists, offset, false, address_size)) {
      const std::span<std::byte> end = std::span(lists).subspan(entry.end_at, entry.end_size);
      const std::uint64_t value = get_uleb(end);
      if (value > 4 && put_uleb(end, value - 2)) return true;
    }
    return false;
  });
}

}  // namespace

std::vector<Fault> debug_code_faults() {
  return {
      in_debug("low-pc", "a function begins one byte later", "calls", move_low_pc),
      in_debug("high-pc", "a function ends after half of its code", "calls", shorten_function),
      in_debug("frame-base", "a function's frame base is a register", "calls", change_frame_base),
      in_debug("expr-location", "a variable's place in the frame is 8 bytes off", "calls",
               change_expression),
      {"list-location", "a location list names another register", "calls", change_listed_location},
      {"list-range", "a range in a location list ends 2 bytes early", "calls",
       shorten_listed_range},
      in_debug("location-lost", "a parameter has no location", "calls", lose_location),
      {"ranges-wrong", "a range of an inlined call or block ends 2 bytes early", "calls",
       shorten_ranges},
      in_debug("inline-lost", "an inlined call is of a tag that nobody knows", "calls",
               lose_inlined),
      in_debug("inline-origin", "an inlined call is of another function", "calls", change_origin),
      in_debug("inline-line", "an inlined call is one line beside", "calls", move_inlined_call),
      in_debug("inline-file", "an inlined call is in another file", "calls", move_inlined_file),
      in_debug("inline-entry", "an inlined call's entry is one byte later", "calls",
               move_inlined_entry),
      in_debug("block-lost", "a block is of a tag that nobody knows", "types", lose_block),
      in_debug("call-lost", "a call site is of a tag that nobody knows", "calls", lose_call_site),
      in_debug("call-moved", "a call site returns one byte later", "calls", move_call_site),
      in_debug("call-origin", "a call site calls another function", "calls", change_call_origin),
      in_debug("call-value", "an argument has another value at the call", "calls",
               change_call_value),
      in_debug("tail-call-lost", "a tail call is a call", "calls", lose_tail_call),
  };
}

}  // namespace splitstrip
