#include "consumers/valgrind/function_entries.h"

#include <fstream>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "elf/elf_file.h"
#include "elf/symbols.h"
#include "facts/error.h"

namespace splitstrip {

std::size_t write_function_entries(const std::filesystem::path& unstripped,
                                   const std::filesystem::path& file) {
  const ElfFile elf = ElfFile::open(unstripped);
  // Of the names of one address the first in the alphabet, so that it is the same one always.
  std::map<std::uint64_t, std::string_view> entries;
  for (const auto& symbols : {full_symbols(elf), dynamic_symbols(elf)}) {
    for (const auto& symbol : symbols) {
      if (!symbol.defined() || !symbol.function() || symbol.name.empty()) continue;
      const auto [entry, added] = entries.try_emplace(symbol.value, symbol.name);
      if (!added && symbol.name < entry->second) entry->second = symbol.name;
    }
  }
  std::ofstream out(file, std::ios::binary);
  for (const auto& [address, name] : entries)
    out << fmt::format("{:x}\t{} {:#x}\n", address, name, address);
  out.close();
  if (!out) throw Error::of("{}: cannot be written; is the disk full?", file.string());
  return entries.size();
}

}  // namespace splitstrip
