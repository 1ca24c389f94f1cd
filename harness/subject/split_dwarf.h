// The files beside an ELF that hold its DWARF if that is split (DWARF 5, 3.1.2 and 7.3.2).
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "elf/elf_file.h"
#include "subject/subject.h"

namespace splitstrip {

// The package beside the file: FILE.dwp.
std::optional<std::filesystem::path> find_dwp_file(const std::filesystem::path& file);

// One for each skeleton unit whose .dwo file is beside the ELF or where its record leads. One that
// is nowhere is left out, and no error: the consumers, too, will have to do without.
std::vector<DwoFile> find_dwo_files(const ElfFile& elf);

}  // namespace splitstrip
