// Object files (ET_REL) as subjects.
#pragma once

#include <filesystem>

#include "elf/elf_file.h"

namespace splitstrip {

// Writes to `output` the object file with a build-id, which follows from its bytes. Its linker
// gives it one only if it is asked to (ld -r --build-id), and without one consumers cannot be made
// to find its debug file and no other. Throws Error.
void write_with_build_id(const ElfFile& object, const std::filesystem::path& output);

}  // namespace splitstrip
