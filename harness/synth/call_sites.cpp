#include "synth/call_sites.h"

#include <algorithm>

#include "elf/symbols.h"

namespace splitstrip::synth {
namespace {

bool of_functions(const Section& section, std::size_t bytes) {
  const GElf_Shdr& header = section.header;
  return section.allocated() && (header.sh_flags & SHF_EXECINSTR) != 0 && bytes != 0 &&
         header.sh_addr <= UINT64_MAX - bytes && !section.name.starts_with(".plt") &&
         section.name != ".init" && section.name != ".fini";
}

}  // namespace

CodeRanges::CodeRanges(const ElfFile& elf) {
  for (const Section& section : elf.sections())
    if (of_functions(section, elf.raw(section).size())) sections_.push_back(&section);
  const auto address = [](const Section* section) { return section->header.sh_addr; };
  std::ranges::stable_sort(sections_, {}, address);
  // Only damaged files have sections that overlap.
  std::uint64_t end = 0;
  std::erase_if(sections_, [&](const Section* section) {
    if (section->header.sh_addr < end) return true;
    end = section->header.sh_addr + section->header.sh_size;
    return false;
  });
}

bool CodeRanges::contains(std::uint64_t address) const {
  return std::ranges::any_of(sections_, [&](const Section* section) {
    return address >= section->header.sh_addr &&
           address - section->header.sh_addr < section->header.sh_size;
  });
}

std::vector<std::uint64_t> function_starts(const ElfFile& elf) {
  std::vector<std::uint64_t> starts;
  for (const auto& symbols : {full_symbols(elf), dynamic_symbols(elf)})
    for (const Symbol& symbol : symbols)
      if (symbol.defined() && symbol.function()) starts.push_back(symbol.value);
  std::ranges::sort(starts);
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts;
}

std::vector<Call> find_calls(const ElfFile& elf, const Architecture& machine) {
  const std::vector<std::uint64_t> starts = function_starts(elf);
  std::vector<Call> calls;
  const CodeRanges code(elf);
  for (const Section* section : code.sections())
    machine.find_calls(elf.raw(*section), section->header.sh_addr, starts, calls);
  return calls;
}

}  // namespace splitstrip::synth
