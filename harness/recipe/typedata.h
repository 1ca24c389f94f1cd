// The split itself: the conventional pair, and the types of the exported interface in main.
#pragma once

#include <filesystem>

#include "elf/elf_file.h"
#include "recipe/recipe.h"
#include "typedata/build.h"

namespace splitstrip {

inline constexpr const char* typedata_section = ".gnu_typedata";

// As Recipe::make; returns what was built, for those who report on it. The types are built while
// strip runs.
TypedataResult make_typedata_pair(const std::filesystem::path& unstripped, const Pair& pair,
                                  const std::filesystem::path& scratch);

// Writes `main` to `output` with `section` (TypedataResult::section) as its .gnu_typedata and
// nothing else changed; one that it has is replaced. `output` may be where `main` lies. Throws
// Error.
void write_with_typedata(const ElfFile& main, std::string_view section,
                         const std::filesystem::path& output);

}  // namespace splitstrip
