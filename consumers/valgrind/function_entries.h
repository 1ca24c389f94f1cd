// The addresses that valgrind's probe asks about.
#pragma once

#include <cstddef>
#include <filesystem>

namespace splitstrip {

// Writes a line for the entry of each function that `unstripped` has a symbol for: its address in
// hex, a tab, "NAME 0xADDRESS". By address, each address once. Returns how many. Throws Error.
std::size_t write_function_entries(const std::filesystem::path& unstripped,
                                   const std::filesystem::path& file);

}  // namespace splitstrip
