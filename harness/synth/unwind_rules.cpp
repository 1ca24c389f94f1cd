#include "synth/unwind_rules.h"

#include <array>
#include <cstdlib>
#include <span>
#include <vector>

#include <dwarf.h>

#include "facts/error.h"

namespace splitstrip::synth {
namespace {

constexpr std::int64_t largest_frame = 1 << 20;

struct Free {
  void operator()(Dwarf_Frame* frame) const { std::free(frame); }
};
using Frame = std::unique_ptr<Dwarf_Frame, Free>;

using Operations = std::span<const Dwarf_Op>;

// The number after the register; libdw has it unsigned.
std::int64_t signed_number(Dwarf_Word word) {
  return static_cast<std::int64_t>(word);
}

struct RegisterOffset {
  int number;
  std::int64_t offset;
};

// `reg + offset`, in whichever of the two forms.
std::optional<RegisterOffset> register_offset(const Dwarf_Op& operation) {
  if (operation.atom == DW_OP_bregx && operation.number < 128)
    return RegisterOffset{static_cast<int>(operation.number), signed_number(operation.number2)};
  if (operation.atom >= DW_OP_breg0 && operation.atom <= DW_OP_breg31)
    return RegisterOffset{operation.atom - DW_OP_breg0, signed_number(operation.number)};
  return std::nullopt;
}

// Where dwarf_frame_register() says that a register of the caller is.
struct Place {
  enum class Kind { same, lost, at_cfa, expression, other } kind = Kind::other;
  std::int64_t slot = 0;
  std::array<Dwarf_Op, 1> first{};  // of an expression of one operation
};

Place place_of(Dwarf_Frame* frame, int number) {
  std::array<Dwarf_Op, 3> memory{};
  Dwarf_Op* found = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_register(frame, number, memory.data(), &found, &count) != 0) return {};
  if (count == 0) return {found == nullptr ? Place::Kind::same : Place::Kind::lost, 0, {}};
  const Operations all(found, count);
  if (all.back().atom == DW_OP_stack_value) return {};  // a value, not a place
  if (all.front().atom == DW_OP_call_frame_cfa) {
    if (count == 1) return {Place::Kind::at_cfa, 0, {}};
    if (count == 2 && all[1].atom == DW_OP_plus_uconst)
      return {Place::Kind::at_cfa, signed_number(all[1].number), {}};
    // An expression's operations follow the CFA that it is given on the stack.
    if (count == 2) return {Place::Kind::expression, 0, {all[1]}};
    return {};
  }
  if (count == 1) return {Place::Kind::expression, 0, {all[0]}};
  return {};
}

bool fits(std::int64_t offset) {
  return offset > -largest_frame && offset < largest_frame;
}

// Fills in how the CFA is found.
std::optional<Obstacle> read_cfa(Dwarf_Frame* frame, const Architecture& machine,
                                 UnwindRule& rule) {
  Dwarf_Op* found = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_cfa(frame, &found, &count) != 0) return Obstacle::unreadable_cfi;
  if (count == 0) return Obstacle::no_cfi;
  const auto base = register_offset(found[0]);
  if (!base || count > 2 || (count == 2 && found[1].atom != DW_OP_deref))
    return Obstacle::expression;
  if (!fits(base->offset)) return Obstacle::frame_size;
  rule.offset = base->offset;
  if (base->number == machine.frame_pointer()) {
    rule.cfa = count == 2 ? UnwindRule::Cfa::behind_pointer : UnwindRule::Cfa::frame_pointer;
  } else if (base->number == machine.stack_pointer() && count == 1) {
    rule.cfa = UnwindRule::Cfa::stack_pointer;
  } else {
    return count == 2 ? Obstacle::expression : Obstacle::other_register;
  }
  return std::nullopt;
}

std::optional<Obstacle> read_return(Dwarf_Frame* frame, int column, const Architecture& machine,
                                    UnwindRule& rule) {
  const Place place = place_of(frame, column);
  switch (place.kind) {
    case Place::Kind::lost:
      return Obstacle::no_caller;
    case Place::Kind::at_cfa:
      rule.return_slot = place.slot;
      return std::nullopt;
    case Place::Kind::same:
      if (machine.has_link_register()) return std::nullopt;
      return Obstacle::return_slot;
    default:
      return Obstacle::return_slot;
  }
}

std::optional<Obstacle> read_frame_pointer(Dwarf_Frame* frame, const Architecture& machine,
                                           UnwindRule& rule) {
  const Place place = place_of(frame, machine.frame_pointer());
  rule.frame_pointer_slot = place.slot;
  switch (place.kind) {
    case Place::Kind::same:
      rule.frame_pointer = UnwindRule::Saved::same;
      // The caller's would have to be this one, which the CFA fixes.
      if (rule.cfa != UnwindRule::Cfa::stack_pointer) return Obstacle::frame_pointer;
      return std::nullopt;
    case Place::Kind::at_cfa:
      rule.frame_pointer = UnwindRule::Saved::at_cfa;
      return std::nullopt;
    case Place::Kind::expression: {
      const auto base = register_offset(place.first[0]);
      if (!base || base->number != machine.frame_pointer() || !fits(base->offset) ||
          rule.cfa == UnwindRule::Cfa::stack_pointer)
        return Obstacle::frame_pointer;
      rule.frame_pointer = UnwindRule::Saved::at_pointer;
      rule.frame_pointer_slot = base->offset;
      return std::nullopt;
    }
    default:
      return Obstacle::frame_pointer;
  }
}

// Whether the words at these offsets of the CFA lie in the frame and apart from each other.
bool slots_fit(const UnwindRule& rule) {
  constexpr std::int64_t word = 8;
  std::vector<std::int64_t> slots;
  if (rule.return_slot) slots.push_back(*rule.return_slot);
  if (rule.frame_pointer == UnwindRule::Saved::at_cfa) slots.push_back(rule.frame_pointer_slot);
  if (rule.frame_pointer == UnwindRule::Saved::at_pointer) {
    const std::int64_t pointer =
        rule.cfa == UnwindRule::Cfa::behind_pointer ? realigned_pointer : rule.offset;
    slots.push_back(rule.frame_pointer_slot - pointer);
  }
  if (rule.cfa == UnwindRule::Cfa::behind_pointer) slots.push_back(rule.offset - realigned_pointer);
  std::int64_t lowest = -largest_frame;
  if (rule.cfa == UnwindRule::Cfa::stack_pointer) lowest = -rule.offset;
  // Beyond the stack of a frame that may be of any size there is room for that much.
  if (rule.cfa == UnwindRule::Cfa::behind_pointer) lowest = -2 * realigned_pointer;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < lowest || slots[i] > -word) return false;
    for (std::size_t j = 0; j < i; ++j)
      if (std::abs(slots[i] - slots[j]) < word) return false;
  }
  return rule.cfa != UnwindRule::Cfa::stack_pointer || rule.offset >= 0;
}

}  // namespace

std::string_view to_string(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::no_cfi:
      return "no CFI";
    case Obstacle::unreadable_cfi:
      return "unreadable CFI";
    case Obstacle::expression:
      return "DWARF-expression CFA";
    case Obstacle::other_register:
      return "CFA of another register";
    case Obstacle::no_caller:
      return "return address undefined";
    case Obstacle::return_slot:
      return "unusual return slot";
    case Obstacle::frame_pointer:
      return "unusual frame pointer rule";
    case Obstacle::frame_size:
      return "frame too large";
  }
  return "";
}

UnwindTable::UnwindTable(const ElfFile& elf, const Architecture& machine)
    : machine_(machine), cfi_(dwarf_getcfi_elf(elf.handle())) {
  if (!cfi_)
    throw Error::of(
        "{}: has no .eh_frame that libdw can read, so that no unwinder finds a caller; build it "
        "with -fasynchronous-unwind-tables",
        elf.path().string());
}

std::variant<UnwindRule, Obstacle> UnwindTable::at(std::uint64_t address) const {
  Dwarf_Frame* raw = nullptr;
  if (dwarf_cfi_addrframe(cfi_.get(), address, &raw) != 0) {
    // libdw has one number for "no row" and others for what it cannot read.
    return Obstacle::no_cfi;
  }
  const Frame frame(raw);
  const int column = dwarf_frame_info(raw, nullptr, nullptr, nullptr);
  UnwindRule rule;
  if (const auto obstacle = read_cfa(raw, machine_, rule)) return *obstacle;
  if (const auto obstacle = read_return(raw, column, machine_, rule)) return *obstacle;
  if (const auto obstacle = read_frame_pointer(raw, machine_, rule)) return *obstacle;
  if (!slots_fit(rule)) return Obstacle::frame_size;
  return rule;
}

}  // namespace splitstrip::synth
