#include "consumers/libdw/expression.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include <dwarf.h>
#include <fmt/format.h>

#include "consumers/libdw/names.h"

namespace splitstrip {
namespace {

// Expressions within expressions (DW_OP_entry_value).
constexpr int deepest = 4;
constexpr std::size_t most_entries = 100'000;
constexpr std::size_t most_operations = 10'000;

void append_hex(std::string& out, const Dwarf_Block& block) {
  constexpr Dwarf_Word most = 4096;
  for (Dwarf_Word i = 0; i < std::min(block.length, most); ++i)
    fmt::format_to(std::back_inserter(out), "{:02x}", block.data[i]);
  if (block.length > most) out += "...";
}

void append(std::string& out, Dwarf_Attribute& attribute, const Dwarf_Op* ops, std::size_t count,
            const ReferToDie& refer, int depth);

// The DIE that the operation refers to, if it does.
std::string referred(Dwarf_Attribute& attribute, const Dwarf_Op& op, const ReferToDie& refer) {
  Dwarf_Die die;
  if (dwarf_getlocation_die(&attribute, &op, &die) != 0) return "(unreadable)";
  return "(" + refer(die) + ")";
}

void append_nested(std::string& out, Dwarf_Attribute& attribute, const Dwarf_Op& op,
                   const ReferToDie& refer, int depth) {
  Dwarf_Attribute inner;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (depth < deepest && dwarf_getlocation_attr(&attribute, &op, &inner) == 0 &&
      dwarf_getlocation(&inner, &ops, &count) == 0) {
    out += " (";
    append(out, inner, ops, count, refer, depth + 1);
    out += ")";
  } else {
    out += " unreadable";
  }
}

// An operand that is an index into .debug_addr.
void append_indexed(std::string& out, Dwarf_Attribute& attribute, const Dwarf_Op& op) {
  Dwarf_Attribute indexed;
  Dwarf_Addr address = 0;
  if (dwarf_getlocation_attr(&attribute, &op, &indexed) == 0 &&
      dwarf_formaddr(&indexed, &address) == 0) {
    fmt::format_to(std::back_inserter(out), " {:#x}", address);
  } else {
    out += " unreadable";
  }
}

void append_operation(std::string& out, Dwarf_Attribute& attribute, const Dwarf_Op& op,
                      const ReferToDie& refer, int depth) {
  const auto end = std::back_inserter(out);
  const auto first = static_cast<std::int64_t>(op.number);
  const auto second = static_cast<std::int64_t>(op.number2);
  switch (op.atom) {
    case DW_OP_addr:
      fmt::format_to(end, "addr {:#x}", op.number);
      return;
    case DW_OP_addrx:
    case DW_OP_GNU_addr_index:
      out += "addr";
      append_indexed(out, attribute, op);
      return;
    case DW_OP_constx:
    case DW_OP_GNU_const_index:
      out += "constx";
      append_indexed(out, attribute, op);
      return;
    case DW_OP_call2:
    case DW_OP_call4:
    case DW_OP_call_ref:
      out += "call " + referred(attribute, op, refer);
      return;
    case DW_OP_GNU_parameter_ref:
    case DW_OP_GNU_variable_value:
      out += operation_name(op.atom) + " " + referred(attribute, op, refer);
      return;
    case DW_OP_implicit_pointer:
    case DW_OP_GNU_implicit_pointer:
      fmt::format_to(end, "implicit_pointer {} {}", referred(attribute, op, refer), second);
      return;
    case DW_OP_convert:
    case DW_OP_GNU_convert:
    case DW_OP_reinterpret:
    case DW_OP_GNU_reinterpret:
      fmt::format_to(
          end, "{} {}",
          op.atom == DW_OP_convert || op.atom == DW_OP_GNU_convert ? "convert" : "reinterpret",
          op.number == 0 ? "(generic)" : referred(attribute, op, refer));
      return;
    case DW_OP_regval_type:
    case DW_OP_GNU_regval_type:
      fmt::format_to(end, "regval_type {} {}", first, referred(attribute, op, refer));
      return;
    case DW_OP_deref_type:
    case DW_OP_GNU_deref_type:
      fmt::format_to(end, "deref_type {} {}", first, referred(attribute, op, refer));
      return;
    case DW_OP_const_type:
    case DW_OP_GNU_const_type: {
      fmt::format_to(end, "const_type {} ", referred(attribute, op, refer));
      Dwarf_Attribute value;
      Dwarf_Block block;
      if (dwarf_getlocation_attr(&attribute, &op, &value) == 0 &&
          dwarf_formblock(&value, &block) == 0)
        append_hex(out, block);
      return;
    }
    case DW_OP_implicit_value: {
      out += "implicit_value ";
      Dwarf_Block block;
      if (dwarf_getlocation_implicit_value(&attribute, &op, &block) == 0) append_hex(out, block);
      return;
    }
    case DW_OP_entry_value:
    case DW_OP_GNU_entry_value:
      out += "entry_value";
      append_nested(out, attribute, op, refer, depth);
      return;
    default:
      break;
  }
  out += operation_name(op.atom);
  // An operation has as many operands on one side as on the other, so that zeros need no writing.
  if (first != 0 || second != 0) fmt::format_to(end, " {}", first);
  if (second != 0) fmt::format_to(end, " {}", second);
}

void append(std::string& out, Dwarf_Attribute& attribute, const Dwarf_Op* ops, std::size_t count,
            const ReferToDie& refer, int depth) {
  for (std::size_t i = 0; i < std::min(count, most_operations); ++i) {
    if (i != 0) out += "; ";
    append_operation(out, attribute, ops[i], refer, depth);
  }
  if (count > most_operations) out += "; ...";
}

bool is_block(unsigned form) {
  return form == DW_FORM_exprloc || form == DW_FORM_block || form == DW_FORM_block1 ||
         form == DW_FORM_block2 || form == DW_FORM_block4;
}

}  // namespace

std::string expression_text(Dwarf_Attribute& attribute, const ReferToDie& refer) {
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  std::string out;
  if (is_block(dwarf_whatform(&attribute))) {
    if (dwarf_getlocation(&attribute, &ops, &count) != 0) return "unreadable";
    append(out, attribute, ops, count, refer, 0);
    return out.empty() ? "nothing" : out;
  }
  Dwarf_Addr base = 0;
  Dwarf_Addr start = 0;
  Dwarf_Addr end = 0;
  ptrdiff_t offset = 0;
  for (std::size_t entries = 0; entries < most_entries; ++entries) {
    offset = dwarf_getlocations(&attribute, offset, &base, &start, &end, &ops, &count);
    if (offset < 0) return out + "unreadable";
    if (offset == 0) break;
    fmt::format_to(std::back_inserter(out), "[{:#x},{:#x}) ", start, end);
    append(out, attribute, ops, count, refer, 0);
    out += "  ";
  }
  return out.empty() ? "nowhere" : out;
}

std::string member_location_text(Dwarf_Attribute& attribute, const ReferToDie& refer) {
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (is_block(dwarf_whatform(&attribute)) && dwarf_getlocation(&attribute, &ops, &count) == 0 &&
      count == 1 && ops[0].atom == DW_OP_plus_uconst)
    return std::to_string(ops[0].number);
  return expression_text(attribute, refer);
}

}  // namespace splitstrip
