// Object files (ET_REL), laid out and relocated as a debugger sees them.
//
// In an object file every section begins at 0, and what refers from .debug_info to another section,
// of code or of DWARF, is a relocation. libdwfl lays such a file out at addresses of its own and
// applies them (libdwfl.h, dwfl_report_offline).
#pragma once

#include <optional>

#include "elf/elf_file.h"

namespace splitstrip {

// The file with addresses in its section headers and its symbols, and with its DWARF relocated to
// these; nothing if it is no object file. The layout follows from the headers of what is loaded, so
// that an object file and its debug file have the same. Throws Error if libdwfl cannot do it.
std::optional<ElfFile> relocated(const ElfFile& elf);

}  // namespace splitstrip
