// Sections as the fast reader wants them.
#pragma once

#include <string_view>
#include <vector>

#include "dwarf/bytes.h"
#include "elf/elf_file.h"

namespace splitstrip {

// The bytes of a section, expanded into `buffer` if they are compressed. Unlike ElfFile::contents()
// it does not ask libelf, so that it can be called from several threads. Empty if there is no such
// section. Throws Error.
ByteSpan expanded_section(const ElfFile& elf, std::string_view name,
                          std::vector<std::byte>& buffer);
// The same for one of several sections of a name.
ByteSpan expanded_section(const ElfFile& elf, const Section& section,
                          std::vector<std::byte>& buffer);

}  // namespace splitstrip
