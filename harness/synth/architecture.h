// What made-up stacks have to know of a machine: its registers in CFI, how a core file notes them,
// and where calls return to. One file per machine implements it.
//
// To add a machine: a file beside x86_64.cpp, one line in architectures.cpp, its name in the test.
//
// Sources: the psABI of the machine for DWARF register numbers; Linux' struct elf_prstatus and
// user_regs_struct (<sys/procfs.h>, <sys/user.h>) for the notes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace splitstrip::synth {

struct Call {
  std::uint64_t returns_to = 0;  // the address behind the call instruction
  std::uint64_t target = 0;      // of a direct call; 0 if it is not known
};

// Where a thread stands. Registers that are not named hold `filler` and the numbers after it.
struct ThreadState {
  std::uint32_t thread_id = 0;
  std::uint32_t process_id = 0;
  std::uint64_t pc = 0;
  std::uint64_t stack_pointer = 0;
  std::uint64_t frame_pointer = 0;
  std::uint64_t link_register = 0;  // of machines that have one
  std::uint32_t filler = 1;
};

class Architecture {
 public:
  virtual ~Architecture() = default;

  virtual std::string_view name() const = 0;  // as `uname -m` says it
  virtual std::uint16_t machine() const = 0;  // EM_*

  // DWARF register numbers.
  virtual int stack_pointer() const = 0;
  virtual int frame_pointer() const = 0;
  // Whether a function may still have its return address in a register (and which it is, the CFI
  // says: its return column).
  virtual bool has_link_register() const = 0;

  // Appends every call in `code`, which lies at `address`, in order of address. What cannot be
  // decoded is stepped over. `starts`, sorted, are addresses known to begin an instruction.
  virtual void find_calls(std::span<const std::byte> code, std::uint64_t address,
                          std::span<const std::uint64_t> starts,
                          std::vector<Call>& calls) const = 0;

  // The descriptors of NT_PRSTATUS and NT_FPREGSET.
  virtual std::string prstatus(const ThreadState& state) const = 0;
  virtual std::string fpregset(const ThreadState& state) const = 0;
};

// None for a machine that no stacks can be made for yet.
const Architecture* architecture_of(std::uint16_t machine);
// Names of those that there are: "x86_64, aarch64".
std::string architecture_names();

}  // namespace splitstrip::synth
