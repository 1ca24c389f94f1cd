// The stacks from which valgrind's second probe asks for backtraces.
#pragma once

#include <cstdint>
#include <filesystem>

namespace splitstrip {

// Where the probe maps the library and the stacks: valgrind gives programs no addresses beyond
// 128 GiB, and keeps the first ones for itself and what it loads.
constexpr std::uint64_t probe_library_base = 0x0800000000;
constexpr std::uint64_t probe_stacks_base = 0x1000000000;

struct MadeUpStacks {
  std::uint64_t load_base = 0;  // what to add to the library's own addresses
  std::uint64_t map_at = 0;     // where its first page goes
};

// Lays the stacks of harness/synth for `unstripped`: writes their bytes to `memory` and, a line
// each, program counter, stack pointer and frame pointer in hex to `list`. Throws Error: see
// SyntheticCores::of(), and a library that is loaded at fixed addresses.
MadeUpStacks write_made_up_stacks(const std::filesystem::path& unstripped,
                                  const std::filesystem::path& memory,
                                  const std::filesystem::path& list);

}  // namespace splitstrip
