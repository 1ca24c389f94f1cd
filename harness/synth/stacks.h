// Which frames stand on which made-up stack, and the bytes of it.
//
// A stack is a thread: a top frame, which stands at an address as an interrupted thread does, and
// beneath it frames that each stand at the return address of a call. Every call of the library is
// in one stack, once. Where it can be had, a frame's caller really calls the function of the frame,
// so that a debugger may follow entry values through the call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "synth/architecture.h"
#include "synth/unwind_rules.h"

namespace splitstrip::synth {

struct Frame {
  enum class Kind {
    top,        // pc is exact
    call,       // pc is a return address
    outermost,  // likewise, and the stack ends here since its caller could not be found
  };
  Kind kind = Kind::call;
  std::uint64_t address = 0;  // module-relative
  UnwindRule rule;            // not of an outermost frame
};

struct Stack {
  std::vector<Frame> frames;  // innermost first, never empty
};

// How much of a library's code its stacks stand on.
struct Coverage {
  std::uint64_t calls = 0;    // return addresses in the library's code
  std::uint64_t covered = 0;  // of those, the ones in a stack
  // Of those covered, the ones that are outermost because no frame can lie beneath, by Obstacle.
  std::array<std::uint64_t, obstacle_count> outermost{};
  // Addresses where a line or a variable's location changes, and those of them that are tops.
  std::uint64_t changes = 0;
  std::uint64_t tops = 0;
};

struct StackOptions {
  std::size_t frames_per_stack = 20;  // return addresses in a stack
  bool all_addresses = false;         // a stack for every change, not one change for every stack
};

struct Stacks {
  std::vector<Stack> stacks;
  Coverage coverage;
};

// `changes`, sorted: where a top frame is worth having. If there are none, function starts do.
Stacks plan_stacks(const std::vector<Call>& calls, const std::vector<std::uint64_t>& starts,
                   const std::vector<std::uint64_t>& changes, const UnwindTable& unwind,
                   const StackOptions& options = {});

// A stack's memory, and where its thread stands.
struct StackImage {
  std::string bytes;
  ThreadState thread;  // without thread and process id
};

// The bytes of `stack` if it begins at `address` and the library is loaded at `load_base`. What no
// rule fixes is filled with small numbers that tell the place relative to the frame's CFA, so that
// a variable read from the wrong place shows another value.
StackImage lay_out(const Stack& stack, std::uint64_t address, std::uint64_t load_base);
// The number of those bytes, a multiple of 16.
std::uint64_t image_size(const Stack& stack);

}  // namespace splitstrip::synth
