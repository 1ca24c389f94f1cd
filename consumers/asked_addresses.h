// The code addresses that addr2line-like consumers are asked about: the same for each, so that
// their answers to one place can be laid side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip {

// Entries of functions as they are; of a call on x86-64 not its return address but the last byte of
// the call itself, as an unwinder looks it up: the return address may lie behind what was inlined
// there. Module-relative, sorted; at most 50,000, evenly spaced among those there are
// (elf/code_addresses.h): some tools take half a millisecond for each.
std::vector<std::uint64_t> asked_addresses(const ElfFile& unstripped);

// The same, written one a line as "0x1a2b" to `file`, each after `before`; returns how many. Throws
// Error, in which the tool is called `asking`, if the library has none.
std::size_t write_asked_addresses(const std::filesystem::path& unstripped,
                                  const std::filesystem::path& file, std::string_view asking,
                                  std::string_view before = "");

}  // namespace splitstrip
