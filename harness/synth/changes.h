// The addresses at which what a debugger tells of a frame changes.
#pragma once

#include <cstdint>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip::synth {

// Where a row of a line table begins, and where a range of a location list begins or ends: sorted,
// each once, those in the library's code. None without DWARF; what libdw cannot read of it is left
// out.
std::vector<std::uint64_t> find_changes(const ElfFile& elf);

}  // namespace splitstrip::synth
