// A library's file as far as types go: read piece by piece, so that one who writes to it or cuts it
// off meanwhile does no harm.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "typedata/library/dwarf_types.h"
#include "typedata/library/elf_image.h"

namespace splitstrip::library {

// Throws Failure, TYPEDATA_UNREADABLE, with the cause.
ElfImage open_file(const std::string& path);

// The DWARF in the library's .gnu_typedata; nothing if it has none. Throws Failure:
// TYPEDATA_DAMAGED, or TYPEDATA_FOREIGN if it is of another build.
std::optional<DwarfSections> read_typedata(const ElfImage& library);

// The DWARF in an object as .gnu_typedata holds, which is to be `library`'s; `what` names it.
DwarfSections read_object(std::vector<std::byte> object, const ElfImage& library,
                          const std::string& what);

}  // namespace splitstrip::library
