#include "elf/code_addresses.h"

#include <algorithm>
#include <iterator>

#include "elf/function_entries.h"
#include "elf/symbols.h"

namespace splitstrip {
namespace {

struct Code {
  std::uint64_t begin;  // address
  std::uint64_t end;
  std::span<const std::byte> bytes;
};

// Sorted by address; of sections that overlap, which only damaged files have, the first.
std::vector<Code> executable_sections(const ElfFile& elf) {
  std::vector<Code> found;
  for (const Section& section : elf.sections()) {
    const GElf_Shdr& header = section.header;
    const std::span<const std::byte> bytes = elf.raw(section);
    if (section.allocated() && !bytes.empty() && (header.sh_flags & SHF_EXECINSTR) != 0 &&
        header.sh_addr <= UINT64_MAX - bytes.size())
      found.push_back({header.sh_addr, header.sh_addr + bytes.size(), bytes});
  }
  std::ranges::stable_sort(found, {}, &Code::begin);
  std::vector<Code> result;
  for (const Code& code : found)
    if (result.empty() || code.begin >= result.back().end) result.push_back(code);
  return result;
}

const Code* code_at(const std::vector<Code>& sections, std::uint64_t address) {
  const auto after = std::ranges::upper_bound(sections, address, {}, &Code::begin);
  if (after == sections.begin()) return nullptr;
  const Code& code = *std::prev(after);
  return address < code.end ? &code : nullptr;
}

void add_calls(const std::vector<Code>& sections, const Code& code, std::uint64_t begin,
               std::uint64_t end, std::vector<std::uint64_t>& addresses) {
  constexpr std::byte call{0xe8};
  constexpr std::uint64_t length = 5;
  for (std::uint64_t at = begin; at + length < end; ++at) {
    const std::byte* instruction = code.bytes.data() + (at - code.begin);
    if (*instruction != call) continue;
    // Little endian; the target counts from the end of the instruction.
    std::uint32_t raw = 0;
    for (int i = 4; i >= 1; --i) raw = raw << 8 | std::to_integer<std::uint32_t>(instruction[i]);
    const std::uint64_t target =
        at + length + static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(raw)});
    if (code_at(sections, target) != nullptr) addresses.push_back(at + length);
  }
}

std::vector<std::uint64_t> sample(const std::vector<std::uint64_t>& all, std::size_t limit) {
  if (all.size() <= limit) return all;
  std::vector<std::uint64_t> result;
  result.reserve(limit);
  for (std::size_t i = 0; i < limit; ++i)
    result.push_back(all[limit == 1 ? 0 : i * (all.size() - 1) / (limit - 1)]);
  return result;
}

void sort_unique(std::vector<std::uint64_t>& values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

std::vector<std::uint64_t> code_addresses(const ElfFile& elf, std::size_t limit) {
  const std::vector<Code> sections = executable_sections(elf);
  struct Body {
    std::uint64_t begin;
    std::uint64_t end;
    auto operator<=>(const Body&) const = default;
  };
  std::vector<Body> bodies;
  const FunctionEntries entries(elf);
  for (const auto& symbols : {full_symbols(elf), dynamic_symbols(elf)})
    for (const Symbol& symbol : symbols) {
      const std::uint64_t begin = entries.of(symbol);
      const Code* code = code_at(sections, begin);
      if (!symbol.defined() || !symbol.function() || code == nullptr) continue;
      bodies.push_back({begin, begin + std::min(symbol.size, code->end - begin)});
    }
  std::ranges::sort(bodies);

  std::vector<std::uint64_t> addresses;
  std::uint64_t scanned = 0;  // bodies overlap (aliases, parts): every byte is scanned once
  for (const Body& body : bodies) {
    addresses.push_back(body.begin);
    const Code& code = *code_at(sections, body.begin);
    if (elf.header().e_machine == EM_X86_64)
      add_calls(sections, code, std::max(body.begin, scanned), body.end, addresses);
    else
      for (std::uint64_t at = std::max(body.begin, scanned); at < body.end; at += 64)
        addresses.push_back(at);
    scanned = std::max(scanned, body.end);
  }
  sort_unique(addresses);
  return sample(addresses, limit);
}

}  // namespace splitstrip
