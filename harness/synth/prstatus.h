// What NT_PRSTATUS begins with on every 64-bit Linux machine.
#pragma once

#include "synth/architecture.h"
#include "synth/little_endian.h"

namespace splitstrip::synth {

// struct elf_prstatus up to pr_reg, which is at byte 112.
inline LittleEndian prstatus_head(const ThreadState& state) {
  constexpr std::uint64_t signal = 6;  // SIGABRT, as if it had been asked to dump core
  LittleEndian out;
  out.u32(signal).zeros(8);                         // pr_info
  out.u16(signal).zeros(2 + 16);                    // pr_cursig, pr_sigpend, pr_sighold
  out.u32(state.thread_id).u32(1);                  // pr_pid, pr_ppid
  out.u32(state.process_id).u32(state.process_id);  // pr_pgrp, pr_sid
  return out.zeros(4 * 16);                         // times
}

}  // namespace splitstrip::synth
