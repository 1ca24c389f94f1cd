#include "consumers/asked_addresses.h"

#include <algorithm>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "elf/code_addresses.h"
#include "elf/symbols.h"
#include "facts/atomic_file.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

// eu-addr2line -i takes 0.4 ms for an address: 20 s for these. Only the very largest libraries have
// more, and of those every n-th is asked.
constexpr std::size_t most_addresses = 50000;

}  // namespace

std::vector<std::uint64_t> asked_addresses(const ElfFile& unstripped) {
  auto addresses = code_addresses(unstripped, most_addresses);
  if (unstripped.header().e_machine != EM_X86_64) return addresses;
  std::vector<std::uint64_t> entries;
  for (const auto& symbols : {full_symbols(unstripped), dynamic_symbols(unstripped)})
    for (const Symbol& symbol : symbols)
      if (symbol.function()) entries.push_back(symbol.value);
  std::ranges::sort(entries);
  for (auto& address : addresses)
    if (!std::ranges::binary_search(entries, address)) --address;
  return addresses;
}

std::size_t write_asked_addresses(const std::filesystem::path& unstripped,
                                  const std::filesystem::path& file, std::string_view asking,
                                  std::string_view before) {
  const auto addresses = asked_addresses(ElfFile::open(unstripped));
  if (addresses.empty())
    throw Error::of("{}: no code to ask about; {} needs a library with functions",
                    unstripped.string(), asking);
  std::string text;
  for (const auto address : addresses)
    fmt::format_to(std::back_inserter(text), "{}{:#x}\n", before, address);
  write_file(file, text);
  return addresses.size();
}

}  // namespace splitstrip
