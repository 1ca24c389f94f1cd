#include "consumers/binutils/symbol_table_reader.h"

#include <array>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "consumers/binutils/readelf_end.h"
#include "facts/normalise.h"

namespace splitstrip {

void SymbolTableReader::line(std::string_view text, FactSink& facts) {
  if (text.starts_with("In linked file ")) {
    linked_ = text.find("symbol section") != std::string_view::npos;
    return;
  }
  if (text.starts_with("Symbol table ")) linked_ = false;
  if (!linked_) return;

  enum { number, value, size, type, bind, visibility, section, words };
  std::array<std::string_view, words> word;
  for (auto& next : word) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return;
    text.remove_prefix(begin);
    next = text.substr(0, text.find(' '));
    text.remove_prefix(next.size());
  }
  std::uint64_t at = 0;
  const char* const end = word[value].data() + word[value].size();
  if (!word[number].ends_with(':') || std::from_chars(word[value].data(), end, at, 16).ptr != end)
    return;
  const auto begin = text.find_first_not_of(' ');
  const std::string_view name = begin == std::string_view::npos ? "" : text.substr(begin);
  if (name.empty()) return;
  facts.add(query_, name,
            fmt::format("{} {} {}, {} bytes at {} in section {}", word[type], word[bind],
                        word[visibility], word[size], hex(at), word[section]));
}

std::vector<QueryEnd> SymbolTableReader::end(const Ending& ending, FactSink& /*facts*/) {
  return {readelf_end(query_, ending)};
}

}  // namespace splitstrip
