// A subject made of an ELF file with all its DWARF.
#pragma once

#include <filesystem>
#include <vector>

#include "elf/debug_files.h"
#include "subject/subject.h"

namespace splitstrip {

// Fills in all but the driver; the name is the name under which it is staged. Throws Error if the
// file has no build-id, without which a debugger cannot be made to find its debug file and no
// other, or if dwz's common file is recorded but missing from `places`. Split DWARF is looked for
// beside `unstripped`, and beside those that it was made of.
Subject describe_unstripped(const std::filesystem::path& unstripped,
                            const std::filesystem::path& given, const DebugPlaces& places = {},
                            const std::vector<std::filesystem::path>& made_of = {});

}  // namespace splitstrip
