#include "typedata/aliases.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "typedata/function.h"
#include "typedata/hash.h"

namespace splitstrip {
namespace {

unsigned char symbol_type(Export::Kind kind) {
  switch (kind) {
    case Export::Kind::function:
      return STT_FUNC;
    case Export::Kind::ifunc:
      return STT_GNU_IFUNC;
    case Export::Kind::object:
      return STT_OBJECT;
    case Export::Kind::tls:
      return STT_TLS;
  }
  return STT_NOTYPE;
}

struct Alias {
  std::string_view name;
  std::uint32_t index;  // of the export
};

}  // namespace

void match_other_names(const ElfFile& elf, const RawDwarf& dwarf, const Exports& exports,
                       const std::vector<UnitScan>& scans, std::vector<Candidate>& best) {
  std::unordered_multimap<std::uint64_t, std::uint32_t> wanted;  // address -> export
  for (std::uint32_t i = 0; i < best.size(); ++i) {
    if (best[i].match == Match::none) wanted.emplace(exports.all()[i].address, i);
  }
  if (wanted.empty()) return;

  // Exports first: they may have been found by name.
  for (std::uint32_t i = 0; i < best.size(); ++i) {
    const Export& known = exports.all()[i];
    if (best[i].match == Match::none || best[i].match == Match::other_name) continue;
    const auto [first, last] = wanted.equal_range(known.address);
    for (auto other = first; other != last; ++other) {
      Candidate& candidate = best[other->second];
      if (candidate.match != Match::none || exports.all()[other->second].kind != known.kind)
        continue;
      candidate = {other->second, Match::other_name, best[i].die};
    }
  }

  std::unordered_multimap<std::uint64_t, Alias> aliases;  // by hash of the name
  const std::vector<Symbol> symbols = full_symbols(elf);
  for (const Symbol& symbol : symbols) {
    if (!symbol.defined()) continue;
    const auto [first, last] = wanted.equal_range(symbol.value);
    for (auto other = first; other != last; ++other) {
      const Export& entry = exports.all()[other->second];
      const std::string_view name = symbol.name.substr(0, symbol.name.find('@'));
      if (symbol.type != symbol_type(entry.kind) || name == entry.name) continue;
      aliases.emplace(hash_text(name, 0), Alias{name, other->second});
    }
  }
  if (aliases.empty()) return;
  for (std::size_t unit = 0; unit < scans.size(); ++unit) {
    for (const OtherName& other : scans[unit].others) {
      const auto [first, last] = aliases.equal_range(other.hash);
      for (auto alias = first; alias != last; ++alias) {
        Candidate& candidate = best[alias->second.index];
        const DieRef die{static_cast<std::uint32_t>(unit), other.offset};
        if (candidate.match != Match::none && candidate.die <= die) continue;
        if (candidate.match != Match::none && candidate.match != Match::other_name) continue;
        const DieNames names = inherited_names(dwarf, die);
        if (names.name != alias->second.name && names.linkage_name != alias->second.name) continue;
        candidate = {alias->second.index, Match::other_name, die};
      }
    }
  }
}

}  // namespace splitstrip
