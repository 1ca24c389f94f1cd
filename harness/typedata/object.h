// The small ELF object that .gnu_typedata holds, before compression.
#pragma once

#include <string>

#include "dwarf/bytes.h"
#include "elf/elf_file.h"

namespace splitstrip {

struct TypedataSections {
  std::string info;    // .debug_info
  std::string abbrev;  // .debug_abbrev
  std::string str;     // .debug_str; a single zero byte if all strings are inline
};

// A relocatable object of the class, byte order, machine, OS ABI and flags of `like`, with its
// build-id (NT_GNU_BUILD_ID, if it has one) and these sections. Source: ELF gABI.
std::string make_object(const ElfFile& like, const TypedataSections& sections);

}  // namespace splitstrip
