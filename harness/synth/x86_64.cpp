// x86-64. Sources: System V psABI for AMD64, 3.6.2 (DWARF register numbers); Intel SDM, volume 2
// (calls); Linux' struct user_regs_struct and user_fpregs_struct.
#include <algorithm>
#include <array>
#include <memory>

#include <capstone/capstone.h>
#include <elf.h>

#include "facts/error.h"
#include "synth/architectures.h"
#include "synth/little_endian.h"
#include "synth/prstatus.h"

namespace splitstrip::synth {
namespace {

// Owns capstone's state and the one instruction that it decodes into.
class Decoder {
 public:
  Decoder() {
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle_) != CS_ERR_OK)
      throw Error("capstone: cannot decode x86-64; install a libcapstone that was built with it");
    instruction_ = cs_malloc(handle_);
  }
  ~Decoder() {
    cs_free(instruction_, 1);
    cs_close(&handle_);
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // The instruction at the start of `code`; nullptr if it is none that capstone knows. Length and
  // opcode bytes of it are set, operands are not looked at.
  const cs_insn* decode(std::span<const std::byte> code, std::uint64_t address) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(code.data());
    std::size_t left = code.size();
    return cs_disasm_iter(handle_, &bytes, &left, &address, instruction_) ? instruction_ : nullptr;
  }

 private:
  csh handle_ = 0;
  cs_insn* instruction_ = nullptr;
};

// endbr64 is at the start of most functions, and older versions of capstone do not know it.
constexpr std::array endbr64{std::byte{0xf3}, std::byte{0x0f}, std::byte{0x1e}, std::byte{0xfa}};

// The target of `call rel32` (e8, perhaps behind prefixes), or 0.
std::uint64_t direct_target(std::span<const std::byte> instruction, std::uint64_t end) {
  constexpr std::size_t relative = 4;
  if (instruction.size() <= relative ||
      instruction[instruction.size() - relative - 1] != std::byte{0xe8})
    return 0;
  std::uint32_t raw = 0;
  for (std::size_t i = 0; i < relative; ++i)
    raw = raw << 8 | std::to_integer<std::uint32_t>(instruction[instruction.size() - 1 - i]);
  return end + static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(raw)});
}

class X86_64 final : public Architecture {
 public:
  std::string_view name() const override { return "x86_64"; }
  std::uint16_t machine() const override { return EM_X86_64; }
  int stack_pointer() const override { return 7; }
  int frame_pointer() const override { return 6; }
  bool has_link_register() const override { return false; }
  void find_calls(std::span<const std::byte> code, std::uint64_t address,
                  std::span<const std::uint64_t> starts, std::vector<Call>& calls) const override;
  std::string prstatus(const ThreadState& state) const override;
  std::string fpregset(const ThreadState& state) const override;
};

void X86_64::find_calls(std::span<const std::byte> code, std::uint64_t address,
                        std::span<const std::uint64_t> starts, std::vector<Call>& calls) const {
  Decoder decoder;
  auto start = std::ranges::upper_bound(starts, address);
  for (std::size_t at = 0; at < code.size();) {
    const std::uint64_t pc = address + at;
    while (start != starts.end() && *start <= pc) ++start;
    const auto rest = code.subspan(at);
    std::size_t length = 1;
    if (std::ranges::equal(rest.first(std::min(rest.size(), endbr64.size())), endbr64)) {
      length = endbr64.size();
    } else if (const cs_insn* instruction = decoder.decode(rest, pc); instruction != nullptr) {
      length = instruction->size;
      // What began in the middle of data or of another instruction ends where a function begins.
      const bool astray = start != starts.end() && pc + length > *start;
      if (astray) {
        length = static_cast<std::size_t>(*start - pc);
      } else if (instruction->id == X86_INS_CALL) {
        calls.push_back({pc + length, direct_target(rest.first(length), pc + length)});
      }
    }
    at += length;
  }
}

std::string X86_64::prstatus(const ThreadState& state) const {
  const std::uint64_t filler = state.filler;
  LittleEndian out = prstatus_head(state);
  // r15 r14 r13 r12
  out.u64(filler).u64(filler + 1).u64(filler + 2).u64(filler + 3);
  // rbp rbx r11 r10 r9 r8
  out.u64(state.frame_pointer).u64(filler + 4).u64(filler + 5).u64(filler + 6);
  out.u64(filler + 7).u64(filler + 8);
  // rax rcx rdx rsi rdi orig_rax
  out.u64(filler + 9).u64(filler + 10).u64(filler + 11).u64(filler + 12).u64(filler + 13);
  out.u64(~std::uint64_t{0});  // no system call
  // rip cs eflags rsp ss
  out.u64(state.pc).u64(0x33).u64(0x202).u64(state.stack_pointer).u64(0x2b);
  // fs_base gs_base ds es fs gs
  out.u64(0).u64(0).u64(0).u64(0).u64(0).u64(0);
  return out.u32(1).u32(0).take();  // pr_fpvalid, padding
}

std::string X86_64::fpregset(const ThreadState& state) const {
  constexpr std::size_t xmm = 160, size = 512;
  LittleEndian out;
  out.u16(0x37f).up_to(24).u32(0x1f80).u32(0xffff).up_to(xmm);  // control words as a process begins
  for (std::uint64_t number = 0; number < 16; ++number)
    // Doubles of some size, so that they can be told apart in decimal.
    out.u64(0x4000000000000000 + ((state.filler + number) << 44)).u64(number);
  return out.up_to(size).take();
}

}  // namespace

const Architecture& x86_64() {
  static const X86_64 one;
  return one;
}

}  // namespace splitstrip::synth
