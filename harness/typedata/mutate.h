// Damages ELF files where their readers look: in the section headers, and in the sections that are
// given by name. For the fixed-seed runs of everything that reads DWARF.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "elf/elf_file.h"
#include "elf/mutate.h"

namespace splitstrip {

class SectionMutator {
 public:
  // `seeds` are whole ELF files. Half of the damage goes to `sections`, where a seed has them.
  SectionMutator(std::vector<std::vector<std::byte>> seeds, std::vector<std::string> sections,
                 std::uint64_t seed)
      : seeds_(std::move(seeds)), mutate_(seed) {
    for (const auto& bytes : seeds_) {
      const ElfFile elf = ElfFile::from_memory(bytes, "seed");
      auto& ranges = ranges_.emplace_back();
      for (const std::string& name : sections) {
        const Section* section = elf.section(name);
        if (section == nullptr || section->nobits() || section->header.sh_size == 0) continue;
        ranges.push_back({section->header.sh_offset, section->header.sh_size});
      }
      const std::size_t table = elf.header().e_shoff;
      ranges.push_back({table, bytes.size() - table});
    }
  }

  std::vector<std::byte> operator()() {
    const std::size_t which = mutate_.below(seeds_.size());
    std::vector<std::byte> bytes = seeds_[which];
    if (mutate_.below(8) == 0) return mutate_(bytes);  // anywhere, or cut off
    for (std::uint64_t changes = 1 + mutate_.below(6); changes > 0; --changes) {
      // Headers are small and fatal to most files: they get a smaller share.
      const auto& all = ranges_[which];
      const bool headers = all.size() == 1 || mutate_.below(12) == 0;
      const Range& range = headers ? all.back() : all[mutate_.below(all.size() - 1)];
      const std::size_t size = std::min<std::size_t>(range.size, 1 + mutate_.below(24));
      const std::size_t at = range.offset + mutate_.below(range.size - size + 1);
      std::vector<std::byte> part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
      part = mutate_(part);
      part.resize(size);
      if (mutate_.below(6) == 0) {  // a stretch of another section
        const Range& other = all[mutate_.below(all.size())];
        const std::size_t from =
            other.offset + mutate_.below(other.size - std::min(size, other.size) + 1);
        std::copy_n(seeds_[which].begin() + static_cast<std::ptrdiff_t>(from),
                    std::min(size, other.size), part.begin());
      }
      std::copy(part.begin(), part.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return bytes;
  }

 private:
  struct Range {
    std::size_t offset;
    std::size_t size;
  };
  std::vector<std::vector<std::byte>> seeds_;
  std::vector<std::vector<Range>> ranges_;  // of each seed; the last one is the header table
  Mutator mutate_;
};

}  // namespace splitstrip
