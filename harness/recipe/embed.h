// Adds types to a library that is stripped already, as a package build does it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "elf/debug_files.h"
#include "typedata/build.h"

namespace splitstrip {

struct Embedded {
  TypedataResult typedata;
  bool replaced = false;           // main had a .gnu_typedata before
  std::uintmax_t other_names = 0;  // hard links of `output` that keep the old content
};

// Writes to `output` the stripped library `main` with .gnu_typedata built from its debug file and
// nothing else changed; permissions, owner and extended attributes are those of `main`. `output`
// may be `main`; it is replaced whole or not at all, so other hard links of it keep the old
// content. dwz's common file is looked for in `places`. Throws Error if main is not a stripped
// library or program, if `debug` holds no DWARF or is of another build, or if it cannot be written.
Embedded embed_typedata(const std::filesystem::path& main, const std::filesystem::path& debug,
                        const std::filesystem::path& output, const DebugPlaces& places = {});

}  // namespace splitstrip
