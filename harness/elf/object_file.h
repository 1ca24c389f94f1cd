// Object files (ET_REL), which are not linked; kernel modules are such.
#pragma once

#include "elf/elf_file.h"

namespace splitstrip {

bool is_object(const ElfFile& elf);

// As ElfFile::require_linked(), but an object file does too: it can be stripped, though not run.
void require_strippable(const ElfFile& elf);

}  // namespace splitstrip
