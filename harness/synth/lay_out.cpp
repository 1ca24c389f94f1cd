#include <algorithm>

#include "synth/little_endian.h"
#include "synth/stacks.h"

namespace splitstrip::synth {
namespace {

// Below the top frame, where a leaf function may keep variables without moving its stack pointer
// (psABI: the red zone), and above the outermost one, where arguments on the stack would be.
constexpr std::uint64_t below = 512;
constexpr std::uint64_t above = 256;

// From a frame's stack pointer to its CFA. Where the CFA is counted from the frame pointer, the
// frame may be of any size.
std::uint64_t extent(const Frame& frame) {
  constexpr std::int64_t enough = 256;
  const UnwindRule& rule = frame.rule;
  if (frame.kind == Frame::Kind::outermost) return enough;
  if (rule.cfa == UnwindRule::Cfa::stack_pointer) return static_cast<std::uint64_t>(rule.offset);
  const std::int64_t deepest =
      std::max({enough, -rule.return_slot.value_or(0), -rule.frame_pointer_slot,
                rule.offset - rule.frame_pointer_slot});
  return static_cast<std::uint64_t>(deepest + 15) / 16 * 16;
}

class Layout {
 public:
  Layout(const Stack& stack, std::uint64_t address, std::uint64_t load_base)
      : frames_(stack.frames), address_(address), load_base_(load_base) {
    image_.bytes.resize(image_size(stack));
  }

  StackImage make() {
    std::uint64_t at = address_ + below;
    image_.thread.stack_pointer = at;
    for (const Frame& frame : frames_) cfas_.push_back(at += extent(frame));
    fill();
    place_callers();
    image_.thread.pc = load_base_ + frames_.front().address;
    image_.thread.filler = 1 + static_cast<std::uint32_t>(frames_.front().address % 1000);
    return std::move(image_);
  }

 private:
  void fill() {
    std::uint64_t at = address_;
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      if (frames_[i].kind == Frame::Kind::outermost) break;  // zeros end a chain of any kind
      for (; at + 4 <= cfas_[i]; at += 4) {
        const std::uint64_t word = (cfas_[i] - at) / 4 * 37 + frames_[i].address;
        for (std::uint64_t byte = 0; byte < 4; ++byte)
          image_.bytes[at + byte - address_] =
              static_cast<char>((1 + word % 1000) >> (8 * byte) & 0xff);
      }
    }
  }

  // From the outermost frame inwards, since a frame that leaves the frame pointer alone must have
  // the one that its caller needs.
  void place_callers() {
    std::uint64_t caller_pc = 0;  // of the frame's caller
    std::uint64_t caller_pointer = 0;
    for (std::size_t i = frames_.size(); i-- > 0;) {
      const Frame& frame = frames_[i];
      // An unwinder that guesses for want of CFI finds a chain of frame pointers that ends.
      std::uint64_t pointer = cfas_[i] - extent(frame) / 2;
      if (frame.kind != Frame::Kind::outermost)
        pointer = place_caller(frame, cfas_[i], caller_pc, caller_pointer);
      caller_pc = load_base_ + frame.address;
      caller_pointer = pointer;
    }
    image_.thread.frame_pointer = caller_pointer;
  }

  // Returns what the frame pointer has to be in the frame itself.
  std::uint64_t place_caller(const Frame& frame, std::uint64_t cfa, std::uint64_t caller_pc,
                             std::uint64_t caller_pointer) {
    const UnwindRule& rule = frame.rule;
    std::uint64_t pointer = 1 + frame.address % 997;  // a register like the others
    if (rule.cfa == UnwindRule::Cfa::frame_pointer) {
      pointer = cfa - static_cast<std::uint64_t>(rule.offset);
    } else if (rule.cfa == UnwindRule::Cfa::behind_pointer) {
      pointer = cfa - realigned_pointer;
      store(pointer, rule.offset, cfa);
    } else if (rule.frame_pointer == UnwindRule::Saved::same) {
      pointer = caller_pointer;
    }
    if (rule.return_slot)
      store(cfa, *rule.return_slot, caller_pc);
    else
      image_.thread.link_register = caller_pc;
    if (rule.frame_pointer == UnwindRule::Saved::at_cfa)
      store(cfa, rule.frame_pointer_slot, caller_pointer);
    if (rule.frame_pointer == UnwindRule::Saved::at_pointer)
      store(pointer, rule.frame_pointer_slot, caller_pointer);
    return pointer;
  }

  // What lies outside was rejected when the rule was read.
  void store(std::uint64_t base, std::int64_t slot, std::uint64_t value) {
    const std::uint64_t offset = base + static_cast<std::uint64_t>(slot) - address_;
    if (offset <= image_.bytes.size() - 8) store_u64(image_.bytes, offset, value);
  }

  const std::vector<Frame>& frames_;
  std::uint64_t address_;
  std::uint64_t load_base_;
  std::vector<std::uint64_t> cfas_;
  StackImage image_;
};

}  // namespace

std::uint64_t image_size(const Stack& stack) {
  std::uint64_t size = below + above;
  for (const Frame& frame : stack.frames) size += extent(frame);
  return (size + 15) / 16 * 16;
}

StackImage lay_out(const Stack& stack, std::uint64_t address, std::uint64_t load_base) {
  return Layout(stack, address, load_base).make();
}

}  // namespace splitstrip::synth
