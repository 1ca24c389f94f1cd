// The files beside an ELF that hold its DWARF if that is split (DWARF 5, 3.1.2 and 7.3.2).
#pragma once

#include <vector>

#include "dwarf/split_files.h"
#include "elf/elf_file.h"
#include "subject/subject.h"

namespace splitstrip {

// One for each skeleton unit of `elf` whose .dwo file is in a place of `files`. One that is nowhere
// is left out, and no error: the consumers, too, will have to do without.
std::vector<DwoFile> find_dwo_files(const ElfFile& elf, const SplitFiles& files);

}  // namespace splitstrip
