// Undoes what prelink(8) did to the addresses of a library.
//
// prelink gives an installed library the address that it will be loaded at. Its debug file keeps
// the addresses that it was built with, so that the two cannot be read together as they are.
// .gnu.prelink_undo holds the headers that the library had before (as eu-unstrip reads them).
#pragma once

#include <optional>

#include "elf/elf_file.h"

namespace splitstrip {

inline constexpr const char* prelink_section = ".gnu.prelink_undo";

// The library with the addresses that it was built with, in its headers, its dynamic section, its
// symbols, its relocations and what these relocate; nothing if it was not prelinked or stayed where
// it was. What prelink added or bound to other libraries stays. Throws Error if .gnu.prelink_undo
// is damaged.
std::optional<ElfFile> without_prelink(const ElfFile& elf);

}  // namespace splitstrip
