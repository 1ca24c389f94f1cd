#include "consumers/valgrind/probe_addresses.h"

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "elf/code_addresses.h"
#include "elf/elf_file.h"
#include "elf/symbols.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

using Entries = std::map<std::uint64_t, std::string_view>;

Entries function_entries(const ElfFile& elf) {
  // Of the names of one address the first in the alphabet, so that it is the same one always.
  Entries entries;
  for (const auto& symbols : {full_symbols(elf), dynamic_symbols(elf)}) {
    for (const auto& symbol : symbols) {
      if (!symbol.defined() || !symbol.function() || symbol.name.empty()) continue;
      const auto [entry, added] = entries.try_emplace(symbol.value, symbol.name);
      if (!added && symbol.name < entry->second) entry->second = symbol.name;
    }
  }
  return entries;
}

std::string key(const Entries& entries, std::uint64_t address) {
  const auto after = entries.upper_bound(address);
  if (after == entries.begin()) return fmt::format("{:#x}", address);
  const auto& [entry, name] = *std::prev(after);
  if (entry == address) return fmt::format("{} {:#x}", name, address);
  return fmt::format("{}+{:#x} {:#x}", name, address - entry, address);
}

}  // namespace

std::size_t write_probe_addresses(const std::filesystem::path& unstripped,
                                  const std::filesystem::path& file) {
  const ElfFile elf = ElfFile::open(unstripped);
  const Entries entries = function_entries(elf);
  const auto addresses = code_addresses(elf);
  std::ofstream out(file, std::ios::binary);
  for (const auto address : addresses)
    out << fmt::format("{:x}\t{}\n", address, key(entries, address));
  out.close();
  if (!out) throw Error::of("{}: cannot be written; is the disk full?", file.string());
  return addresses.size();
}

}  // namespace splitstrip
