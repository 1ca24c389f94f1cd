// Symbols of an ELF file, with their versions.
//
// Sources: gABI chapter 4 "Symbol Table"; "ELF Symbol Versioning" (LSB); elf(5).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip {

struct Symbol {
  std::string_view name;         // points into the file, as does version
  std::string_view version;      // "GLIBC_2.34"; empty if it has none
  bool default_version = false;  // NAME@@VERSION; what a new program is linked with
  std::uint64_t value = 0;       // address within the module, or offset in the TLS block
  std::uint64_t size = 0;        // in bytes; 0 where not known
  unsigned char type = STT_NOTYPE;
  unsigned char binding = STB_LOCAL;
  unsigned char visibility = STV_DEFAULT;
  std::uint32_t section = SHN_UNDEF;  // index; SHN_ABS and SHN_COMMON as they are

  bool defined() const { return section != SHN_UNDEF; }
  bool function() const { return type == STT_FUNC || type == STT_GNU_IFUNC; }
  bool object() const { return type == STT_OBJECT || type == STT_TLS || type == STT_COMMON; }
};

// .dynsym (SHT_DYNSYM), in its order, without the null symbol. Empty if there is none, or if it is
// kept without content as in a debug file. Symbols whose name lies outside of the string table are
// left out.
std::vector<Symbol> dynamic_symbols(const ElfFile& elf);
std::vector<Symbol> dynamic_symbols(const ElfFile&& elf) = delete;  // names point into the file

// .symtab (SHT_SYMTAB), likewise; symbols there have no version, but names may hold "@VERSION".
std::vector<Symbol> full_symbols(const ElfFile& elf);
std::vector<Symbol> full_symbols(const ElfFile&& elf) = delete;  // names point into the file

// Those of dynamic_symbols(), in an object file of full_symbols(), that other modules can bind to:
// code or data, defined, global, weak or unique, visible; functions, ifuncs, objects, TLS objects.
std::vector<Symbol> exported_symbols(const ElfFile& elf);
std::vector<Symbol> exported_symbols(const ElfFile&& elf) = delete;  // names point into the file

}  // namespace splitstrip
