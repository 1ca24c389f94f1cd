// The debug file of a stripped library, or what to do to get it.
#pragma once

#include <filesystem>

#include "elf/debug_files.h"

namespace splitstrip {

// As find_debug_file(); throws Error if there is none, with the package to install where the
// system's package manager knows it.
std::filesystem::path require_debug_file(const ElfFile& main, const DebugPlaces& places);

// Throws Error unless `debug` is a readable ELF file with DWARF in it.
ElfFile open_debug_file(const std::filesystem::path& debug);

}  // namespace splitstrip
