// Types out of installed debuginfo, for a library that carries none.
#pragma once

#include <optional>

#include "typedata/library/dwarf_types.h"
#include "typedata/library/elf_image.h"

namespace splitstrip::library {

// From the library itself if it is not stripped, else from its debug file by build-id below
// $TYPEDATA_DEBUG_ROOT or /usr/lib/debug. Nothing if there is neither. Throws Failure if there is
// one that cannot be read.
//
// What reads debuginfo is large and seldom wanted: it is a library of its own, loaded when this is
// first called.
std::optional<DwarfSections> read_debuginfo(const ElfImage& library);

}  // namespace splitstrip::library
