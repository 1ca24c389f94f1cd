// aarch64, little-endian. Sources: DWARF for the Arm 64-bit Architecture, 4.1 (register numbers);
// Arm ARM C6.2 (BL, BLR); Linux' struct user_pt_regs and user_fpsimd_state.
#include <elf.h>

#include "synth/architectures.h"
#include "synth/little_endian.h"
#include "synth/prstatus.h"

namespace splitstrip::synth {
namespace {

class Aarch64 final : public Architecture {
 public:
  std::string_view name() const override { return "aarch64"; }
  std::uint16_t machine() const override { return EM_AARCH64; }
  int stack_pointer() const override { return 31; }
  int frame_pointer() const override { return 29; }
  bool has_link_register() const override { return true; }
  void find_calls(std::span<const std::byte> code, std::uint64_t address,
                  std::span<const std::uint64_t> starts, std::vector<Call>& calls) const override;
  std::string prstatus(const ThreadState& state) const override;
  std::string fpregset(const ThreadState& state) const override;
};

void Aarch64::find_calls(std::span<const std::byte> code, std::uint64_t address,
                         std::span<const std::uint64_t>, std::vector<Call>& calls) const {
  constexpr std::size_t size = 4;  // of every instruction
  for (std::size_t at = 0; at + size <= code.size(); at += size) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < size; ++i)
      word |= std::to_integer<std::uint32_t>(code[at + i]) << (8 * i);
    const std::uint64_t pc = address + at;
    const bool direct = word >> 26 == 0b100101;  // BL
    // BLR, and BLRAA, BLRAB and their forms without modifier (FEAT_PAuth).
    const bool indirect = (word & 0xfffffc1f) == 0xd63f0000 || (word & 0xfefff800) == 0xd63f0800;
    if (!direct && !indirect) continue;
    std::uint64_t target = 0;
    if (direct) {
      const std::int64_t words = static_cast<std::int32_t>(word << 6) >> 6;
      target = pc + static_cast<std::uint64_t>(words * 4);
    }
    calls.push_back({pc + size, target});
  }
}

std::string Aarch64::prstatus(const ThreadState& state) const {
  LittleEndian out = prstatus_head(state);
  for (std::uint64_t number = 0; number < 29; ++number) out.u64(state.filler + number);
  out.u64(state.frame_pointer).u64(state.link_register);
  out.u64(state.stack_pointer).u64(state.pc).u64(0);  // the last is pstate
  return out.u32(1).u32(0).take();                    // pr_fpvalid, padding
}

std::string Aarch64::fpregset(const ThreadState& state) const {
  LittleEndian out;
  for (std::uint64_t number = 0; number < 32; ++number)
    out.u64(0x4000000000000000 + ((state.filler + number) << 44)).u64(number);
  return out.zeros(16).take();  // fpsr, fpcr, reserved
}

}  // namespace

const Architecture& aarch64() {
  static const Aarch64 one;
  return one;
}

}  // namespace splitstrip::synth
