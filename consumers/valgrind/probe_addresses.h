// The addresses that valgrind's probe asks about.
#pragma once

#include <cstddef>
#include <filesystem>

namespace splitstrip {

// Writes a line for each of the code addresses of `unstripped` (elf/code_addresses.h): the address
// in hex, a tab, and the key "FUNCTION+0x12 0xADDRESS". Returns how many. Throws Error.
std::size_t write_probe_addresses(const std::filesystem::path& unstripped,
                                  const std::filesystem::path& file);

}  // namespace splitstrip
