// How an unwinder gets from a frame to its caller, as .eh_frame says it, where the rule is one that
// a stack can be made up for.
//
// Sources: DWARF 5, 6.4; LSB "Exception Frames"; libdw's dwarf_cfi_addrframe().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include <elfutils/libdw.h>

#include "elf/elf_file.h"
#include "synth/architecture.h"

namespace splitstrip::synth {

// Why no frame can lie beneath one that stands at such an address. It can still be the outermost
// frame of a stack: function, line and inlined calls are told of it as of every other.
enum class Obstacle {
  no_cfi,          // no row for the address: assembly, start-up code
  unreadable_cfi,  // libdw rejects it
  expression,      // the CFA is a DWARF expression
  other_register,  // the CFA is counted from another register than stack or frame pointer
  no_caller,       // the return address is undefined: declared to be outermost
  return_slot,     // the return address is not in memory at an offset of the CFA
  frame_pointer,   // the frame pointer's rule contradicts the CFA's, or is of another kind
  frame_size,      // slots outside of the frame, or a frame of more than a megabyte
};
constexpr std::size_t obstacle_count = 8;
std::string_view to_string(Obstacle obstacle);

// Every slot lies within the frame, between its stack pointer and its CFA, and none over another.
struct UnwindRule {
  enum class Cfa {
    stack_pointer,   // CFA = sp + offset
    frame_pointer,   // CFA = fp + offset
    behind_pointer,  // CFA = the word at fp + offset: where a function realigns its stack
  };
  enum class Saved {
    same,        // as in this frame
    at_cfa,      // in memory at CFA + slot
    at_pointer,  // in memory at fp + slot
  };

  Cfa cfa = Cfa::stack_pointer;
  std::int64_t offset = 0;
  // In memory at CFA + this; without it in the link register, which only a top frame can have.
  std::optional<std::int64_t> return_slot;
  Saved frame_pointer = Saved::same;
  std::int64_t frame_pointer_slot = 0;
};

// Where a stack has the frame pointer of a function that realigns its stack: so far below its CFA.
constexpr std::int64_t realigned_pointer = 64;

class UnwindTable {
 public:
  // Throws Error if the file has no .eh_frame.
  UnwindTable(const ElfFile& elf, const Architecture& machine);

  // The rule that holds at the instruction which contains `address`. For the caller's side of a
  // call that is one byte before the return address.
  std::variant<UnwindRule, Obstacle> at(std::uint64_t address) const;

 private:
  struct End {
    void operator()(Dwarf_CFI* cfi) const { dwarf_cfi_end(cfi); }
  };
  const Architecture& machine_;
  std::unique_ptr<Dwarf_CFI, End> cfi_;
};

}  // namespace splitstrip::synth
