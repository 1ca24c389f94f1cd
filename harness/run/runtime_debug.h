// The debug files of the dynamic linker and the C library that every consumer itself runs with.
#pragma once

#include <string>
#include <vector>

namespace splitstrip {

// Build-ids, lower-case hex, of the dynamic linker (PT_INTERP) and of libc as this process has them
// loaded: NT_GNU_BUILD_ID of their PT_NOTE segments (gABI; elf.h). Those without one are left out.
std::vector<std::string> runtime_build_ids();

}  // namespace splitstrip
