// What recipes strip.
#pragma once

#include <filesystem>

#include "elf/elf_file.h"

namespace splitstrip {

// Opens an ELF that can be split: linked, with DWARF of its own. Throws Error for anything else;
// where it is stripped already, the message says how to embed types into it.
ElfFile open_unstripped(const std::filesystem::path& path);

}  // namespace splitstrip
