// Every call in a library's code.
#pragma once

#include <cstdint>
#include <vector>

#include "elf/elf_file.h"
#include "synth/architecture.h"

namespace splitstrip::synth {

// The calls in .text and whatever other section has code of functions; not in the PLT nor in .init
// and .fini, where there are none of the compiler's. Sorted by return address.
std::vector<Call> find_calls(const ElfFile& elf, const Architecture& machine);

// Where functions begin, as far as .symtab and .dynsym say: sorted, each once.
std::vector<std::uint64_t> function_starts(const ElfFile& elf);

// Whether `address` lies in code that find_calls() looks at.
class CodeRanges {
 public:
  explicit CodeRanges(const ElfFile& elf);
  bool contains(std::uint64_t address) const;
  const std::vector<const Section*>& sections() const { return sections_; }

 private:
  std::vector<const Section*> sections_;  // by address, without overlaps
};

}  // namespace splitstrip::synth
