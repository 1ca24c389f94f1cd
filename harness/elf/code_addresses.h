// The addresses of a library's code that are worth asking a consumer about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip {

// For a linked, unstripped ELF, module-relative, sorted, each once:
//   - the entry of every function in .symtab and .dynsym that lies in an executable section;
//   - x86-64: the return address of every direct call (e8 rel32 whose target lies in an executable
//     section) within those functions. The scan goes byte by byte without decoding, so a few are
//     bytes in the middle of an instruction: still code addresses that have a line;
//   - other machines: every 64th byte of those functions from their entry on, as nothing is decoded
//     there. aarch64, ppc64 and s390x instructions lie at such steps; on machines with instructions
//     of odd lengths some are in the middle of one.
// If there are more than `limit`, that many of them, evenly spaced and the same on every run; the
// first and the last are among them (limit >= 2).
std::vector<std::uint64_t> code_addresses(const ElfFile& elf, std::size_t limit = SIZE_MAX);

}  // namespace splitstrip
