// Finds what was taken out of a library: its debug file, and the file that dwz made common.
//
// Source: gdb's manual, "Debugging Information in Separate Files".
#pragma once

#include <filesystem>

#include "elf/elf_file.h"

namespace splitstrip {

inline constexpr const char* debug_directory = "/usr/lib/debug";

// The debug file of a stripped library: by build-id below `directory`, then by debug link beside
// the library, in .debug/ there, and below `directory`. Only a file that has the same build-id
// counts, or the right CRC where there is none. Throws Error if there is no such file, with the
// package to install where the system's package manager knows it; or if there is one, but of
// another build.
std::filesystem::path find_debug_file(const ElfFile& main, const std::filesystem::path& directory);

// The file that .gnu_debugaltlink of `elf` names: by its path, relative to the directory in which
// `elf` really lies, then by build-id below `directory`. Throws Error if it is missing or of
// another build.
std::filesystem::path find_alt_file(const ElfFile& elf, const std::filesystem::path& directory);

}  // namespace splitstrip
