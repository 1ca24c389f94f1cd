// Writes a perf.data as `perf record --call-graph dwarf` would have, had a process been interrupted
// once at each of the given addresses of a library. No process, no counter and no permission is
// needed for that.
//
// Source: tools/perf/Documentation/perf.data-file-format.txt and include/uapi/linux/perf_event.h of
// Linux; the file is in the byte order of the machine that writes and reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "elf/elf_file.h"

namespace splitstrip {

// Where the library is mapped in the process that never was: a sample's address is this much larger
// than the module-relative one.
inline constexpr std::uint64_t perf_base = 0x7f0000000000;

// `elf` is the library or another ELF of the same layout; `seen_at` is where perf will see it. One
// event, one process, one sample for each address, in that order. Where the library's machine is
// x86-64 a sample carries registers and a few bytes of stack, so that perf unwinds from it and
// tells inlined functions, which perf before 6.3 does only then; elsewhere a call chain of one
// entry.
std::string perf_data(const ElfFile& elf, const std::filesystem::path& seen_at,
                      std::span<const std::uint64_t> addresses);

}  // namespace splitstrip
