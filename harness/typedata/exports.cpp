#include "typedata/exports.h"

#include <cstddef>

#include "elf/function_entries.h"
#include "typedata/hash.h"

namespace splitstrip {

bool is_compiler_made(std::string_view symbol) {
  // Source: Itanium C++ ABI, 5.1.4, "special names".
  for (const std::string_view prefix : {"_ZTV", "_ZTI", "_ZTS", "_ZTT", "_ZTC", "_ZTW", "_ZTH",
                                        "_ZGV", "_ZGR", "_ZGI", "_ZTh", "_ZTv", "_ZTc"}) {
    if (symbol.starts_with(prefix)) return true;
  }
  return false;
}

Exports::Exports(const ElfFile& elf) {
  const FunctionEntries entries(elf);
  const std::vector<Symbol> symbols = exported_symbols(elf);
  for (const Symbol& symbol : symbols) {
    // The linker's own mark of a version: an absolute object that bears the version's name.
    if (symbol.section == SHN_ABS && symbol.name == symbol.version) continue;
    Export entry;
    entry.name = symbol.name;
    entry.version = symbol.version;
    entry.default_version = symbol.version.empty() || symbol.default_version;
    entry.address = entries.of(symbol);
    if (symbol.function()) {
      entry.kind = symbol.type == STT_GNU_IFUNC ? Export::Kind::ifunc : Export::Kind::function;
    } else {
      entry.kind = symbol.type == STT_TLS ? Export::Kind::tls : Export::Kind::object;
    }
    exports_.push_back(entry);
  }
  next_at_.assign(exports_.size(), kEnd);
  next_named_.assign(exports_.size(), kEnd);
  // Backwards, so that each chain ascends.
  for (std::size_t i = exports_.size(); i-- > 0;) {
    const Export& entry = exports_[i];
    const auto index = static_cast<std::uint32_t>(i);
    Map& map = entry.is_function() ? functions_ : entry.kind == Export::Kind::tls ? tls_ : objects_;
    auto link = [index](Map& in, std::uint64_t key, std::vector<std::uint32_t>& next) {
      const auto [place, fresh] = in.try_emplace(key, index);
      if (!fresh) {
        next[index] = place->second;
        place->second = index;
      }
    };
    link(map, entry.address, next_at_);
    link(names_, hash_text(entry.name, 0), next_named_);
  }
}

std::uint32_t Exports::named(std::string_view name) const {
  const std::uint32_t index = first(names_, hash_text(name, 0));
  return index != kEnd && exports_[index].name == name ? index : kEnd;
}

}  // namespace splitstrip
