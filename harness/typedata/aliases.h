// Exports that no unit describes under their own name or address, but under another name of theirs.
//
// In glibc `chmod` is assembly; what C code calls, and so declares, is `__chmod`, a local symbol at
// the same address.
#pragma once

#include <vector>

#include "elf/elf_file.h"
#include "typedata/exports.h"
#include "typedata/scan.h"

namespace splitstrip {

// Fills those of `best` (one for each export) that are Match::none from what other symbols of the
// same kind at the same address are described by. `elf` has the .symtab, if there is one.
void match_other_names(const ElfFile& elf, const RawDwarf& dwarf, const Exports& exports,
                       const std::vector<UnitScan>& scans, std::vector<Candidate>& best);

}  // namespace splitstrip
