// What .gnu_debugdata (MiniDebugInfo) holds: a debug file in small, within main.
#pragma once

#include <filesystem>
#include <string>

#include "elf/elf_file.h"
#include "typedata/object.h"

namespace splitstrip {

// An ELF as `debug`, which has all of its section headers, with the loaded sections left out
// (SHT_NOBITS) but for notes, those function symbols that `main` has not in .dynsym, and `dwarf` in
// place of all other debugging sections. As rpm's find-debuginfo makes it, which puts no DWARF
// there. Compressed with xz. Intermediate files go to `scratch`. Throws Error.
//
// Source: "Debugging information in a special section", gdb's manual; add_minidebug in
// find-debuginfo.
std::string make_debugdata(const ElfFile& main, const ElfFile& debug, const TypedataSections& dwarf,
                           const std::filesystem::path& scratch);

}  // namespace splitstrip
