// Where in .debug_info a type can be exchanged for another one without moving a byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip {

// A reference of fixed size in .debug_info, and what to write there instead.
struct BreakPlace {
  std::size_t offset = 0;        // in .debug_info, bytes
  std::vector<std::byte> bytes;  // in the file's byte order
  std::string what;              // in words
};

struct BreakPlaces {
  std::optional<BreakPlace> signature;  // a parameter or return value of an exported function
  std::optional<BreakPlace> member;     // of a structure that one is given a pointer to
};

// Looks through exported functions in the order of their DIEs and takes the first place of each
// kind. `elf` has an uncompressed .debug_info; `alt_file` is dwz's common file, or empty. Throws
// Error if the DWARF cannot be read.
BreakPlaces find_break_places(const ElfFile& elf, const std::filesystem::path& alt_file);

}  // namespace splitstrip
