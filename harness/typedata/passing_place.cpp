#include "typedata/passing_place.h"

#include <optional>

#include <dwarf.h>
#include <elf.h>

namespace splitstrip {
namespace {

// The DWARF number of the stack pointer, as each psABI has it.
std::optional<std::uint64_t> stack_pointer(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return 7;
    case EM_386:
      return 4;
    case EM_AARCH64:
      return 31;
    case EM_ARM:
      return 13;
    case EM_PPC:
    case EM_PPC64:
      return 1;
    case EM_S390:
      return 15;
    case EM_RISCV:
      return 2;
    default:
      return std::nullopt;
  }
}

}  // namespace

ArgumentPlace argument_place(ByteSpan expression, bool big_endian, unsigned address_size,
                             std::uint16_t machine) {
  // What is on the stack of the expression so far.
  enum class Top : std::uint8_t { nothing, frame, pointer, fetched, other } top = Top::nothing;
  Bytes in(expression, big_endian);
  const auto based_on = [&](std::uint64_t number, std::int64_t offset) {
    if (number == stack_pointer(machine)) return Top::frame;
    // A pointer is used as it came; with an offset it is a frame pointer, or a part of something.
    return offset == 0 ? Top::pointer : Top::frame;
  };
  while (in.ok() && !in.at_end()) {
    const std::uint8_t operation = in.u8();
    if (operation >= DW_OP_reg0 && operation <= DW_OP_reg31) return ArgumentPlace::value;
    if (operation >= DW_OP_breg0 && operation <= DW_OP_breg31) {
      top = based_on(operation - DW_OP_breg0, in.sleb());
      continue;
    }
    if (operation >= DW_OP_lit0 && operation <= DW_OP_lit31) {
      top = Top::other;
      continue;
    }
    switch (operation) {
      case DW_OP_regx:
        return ArgumentPlace::value;
      case DW_OP_bregx: {
        const std::uint64_t number = in.uleb();
        top = based_on(number, in.sleb());
        break;
      }
      case DW_OP_fbreg:
        in.sleb();
        top = Top::frame;
        break;
      case DW_OP_call_frame_cfa:
        top = Top::frame;
        break;
      case DW_OP_plus_uconst:
      case DW_OP_consts:
      case DW_OP_constu:
        in.uleb();
        break;
      case DW_OP_const1u:
      case DW_OP_const1s:
        in.skip(1);
        break;
      case DW_OP_const2u:
      case DW_OP_const2s:
        in.skip(2);
        break;
      case DW_OP_const4u:
      case DW_OP_const4s:
        in.skip(4);
        break;
      case DW_OP_plus:
      case DW_OP_minus:
      case DW_OP_nop:
        break;
      case DW_OP_entry_value:
      case DW_OP_GNU_entry_value:
        in.block(in.uleb());
        top = Top::pointer;
        break;
      case DW_OP_deref:
        top = top == Top::frame || top == Top::fetched ? Top::fetched : Top::other;
        break;
      case DW_OP_deref_size:
        // Narrower than an address it is no pointer.
        if (in.u8() != address_size) return ArgumentPlace::unknown;
        top = top == Top::frame ? Top::fetched : Top::other;
        break;
      case DW_OP_stack_value:
        // A value that is computed: of which the parameter's own bytes came in a register.
        return top == Top::pointer ? ArgumentPlace::value : ArgumentPlace::unknown;
      case DW_OP_piece:
        return ArgumentPlace::value;
      default:
        return ArgumentPlace::unknown;
    }
  }
  if (!in.ok()) return ArgumentPlace::unknown;
  switch (top) {
    case Top::frame:
      return ArgumentPlace::value;
    case Top::pointer:
    case Top::fetched:
      return ArgumentPlace::address;
    default:
      return ArgumentPlace::unknown;
  }
}

ArgumentPlace argument_place(std::span<const ByteSpan> expressions, bool big_endian,
                             unsigned address_size, std::uint16_t machine) {
  for (const ByteSpan expression : expressions) {
    const ArgumentPlace place = argument_place(expression, big_endian, address_size, machine);
    if (place != ArgumentPlace::unknown) return place;
  }
  return ArgumentPlace::unknown;
}

}  // namespace splitstrip
