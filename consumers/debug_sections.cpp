#include "consumers/debug_sections.h"

#include <algorithm>
#include <cstddef>

#include "elf/elf_file.h"

namespace splitstrip {
namespace {

// ch_type of Elf32_Chdr and Elf64_Chdr alike: the first word.
bool zstd_header(std::span<const std::byte> bytes, bool big_endian) {
  constexpr std::byte zstd{2};
  constexpr std::size_t word = 4;
  if (bytes.size() < word) return false;
  const std::size_t lowest = big_endian ? word - 1 : 0;
  for (std::size_t i = 0; i < word; ++i)
    if (bytes[i] != (i == lowest ? zstd : std::byte{0})) return false;
  return true;
}

}  // namespace

bool has_section(const std::filesystem::path& file, std::string_view name) {
  return ElfFile::open(file).section(name) != nullptr;
}

bool compressed_with_zstd(const std::filesystem::path& file) {
  const ElfFile elf = ElfFile::open(file);
  return std::ranges::any_of(elf.sections(), [&](const Section& section) {
    return (section.header.sh_flags & SHF_COMPRESSED) != 0 &&
           zstd_header(elf.raw(section), elf.big_endian());
  });
}

}  // namespace splitstrip
