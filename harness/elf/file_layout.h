// The bytes of an ELF file whose end is written anew: what stays in front, what is appended, then
// the section header table, which the ELF header is made to point to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip {

// Bytes to overwrite within what stays.
struct BytePatch {
  std::size_t offset = 0;  // in the file
  std::vector<std::byte> bytes;
};

class FileLayout {
 public:
  // `file` must outlive the layout. Patches beyond its end do nothing.
  FileLayout(const ElfFile& file, const std::vector<BytePatch>& patches);

  // The file as it is, but for the patches.
  std::vector<std::byte> patched() const { return patched_; }
  // `size` bytes of that, which must lie within.
  std::span<const std::byte> patched_range(std::uint64_t offset, std::uint64_t size) const {
    return std::span(patched_).subspan(offset, size);
  }

  // Where the last byte ends that is loaded or that finds what is loaded: ELF header, program
  // headers, allocated sections, segments.
  std::uint64_t loaded_end() const { return loaded_end_; }

  // The first `end` bytes of the file stay; `end` >= loaded_end(). Call it before the others.
  void keep(std::uint64_t end);
  // Returns the offset at which the bytes now lie, a multiple of `alignment`.
  std::uint64_t append(std::span<const std::byte> bytes, std::uint64_t alignment);
  // The whole file. `names` is the index of the section name table. Throws Error if it became too
  // large for its class.
  std::vector<std::byte> finish(std::vector<GElf_Shdr> headers, std::size_t names);

 private:
  template <typename FileHeader, typename SectionHeader>
  void write_headers(const GElf_Ehdr& header, const std::vector<GElf_Shdr>& sections);

  const ElfFile& file_;
  std::uint64_t loaded_end_ = 0;
  std::vector<std::byte> patched_;
  std::vector<std::byte> out_;
};

}  // namespace splitstrip
