// DWARF without compression.
#pragma once

#include <optional>

#include "elf/elf_file.h"

namespace splitstrip {

// The file with its compressed sections (SHF_COMPRESSED) as they are without; nothing if it has
// none. libdw decompresses sections through elf_compress(3), which writes the new header into the
// image, where a mapped one is read-only, and which knows no zstd before elfutils 0.189: for libdw
// what is compressed is expanded beforehand. (.zdebug_* it reads without writing.) Throws Error if
// a section is damaged.
std::optional<ElfFile> dwarf_expanded(const ElfFile& elf);

}  // namespace splitstrip
