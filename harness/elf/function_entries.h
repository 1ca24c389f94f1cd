// Where the code of a function begins, which is not always what its symbol says.
//
// Sources: 64-bit PowerPC ELF ABI Supplement 1.9, 3.2.3 and 3.5.11 (function descriptors); ELF for
// the Arm Architecture, 5.5.3 (the Thumb bit).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>

#include "elf/elf_file.h"
#include "elf/symbols.h"

namespace splitstrip {

class FunctionEntries {
 public:
  // Of the library as it is loaded, which must outlive this: a debug file has no contents.
  explicit FunctionEntries(const ElfFile& library);

  // The address that a function's DW_AT_low_pc has. Of what is no function, the symbol's value.
  std::uint64_t of(const Symbol& symbol) const;

 private:
  void read_relocations(const ElfFile& library);

  std::uint16_t machine_;
  bool big_endian_;
  // 64-bit PowerPC before ELFv2: a function's symbol names its descriptor in .opd, whose first word
  // is the address of the code. The linker may leave that word to a relocation.
  std::span<const std::byte> descriptors_;
  std::uint64_t descriptors_address_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> relocated_;  // address of the word: its value
};

}  // namespace splitstrip
