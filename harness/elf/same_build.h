// Whether a library and a debug file belong together.
#pragma once

#include <optional>
#include <string>

#include "elf/elf_file.h"

namespace splitstrip {

// Why `debug` is not of the same build as `main`, in words; nothing if it is: they have the same
// build-id, or where one has none, main's debug link has the CRC of the debug file.
std::optional<std::string> build_mismatch(const ElfFile& main, const ElfFile& debug);

// Throws Error if there is a mismatch.
void require_same_build(const ElfFile& main, const ElfFile& debug);

}  // namespace splitstrip
