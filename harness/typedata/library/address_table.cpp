#include "typedata/library/address_table.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include "typedata/library/failure.h"

namespace splitstrip::library {
namespace {

// Names of the versions that the library defines, by their index. Source: LSB, symbol versioning.
std::map<std::uint16_t, std::string> versions_of(const SymbolSections& sections) {
  std::map<std::uint16_t, std::string> versions;
  std::uint64_t at = 0;
  // Each entry says how far the next one is: no more of them than there are indices.
  for (int left = 0x8000; left > 0; --left) {
    Bytes in(sections.definitions, sections.big_endian);
    in.seek(at);
    in.u16();  // vd_version
    in.u16();  // vd_flags
    const std::uint16_t index = in.u16();
    in.u16();  // vd_cnt
    in.u32();  // vd_hash
    const std::uint32_t names = in.u32();
    const std::uint32_t next = in.u32();
    in.seek(at + names);
    Bytes name(sections.version_names, false);
    name.seek(in.u32());
    if (!in.ok() || !name.ok()) break;
    versions.emplace(index, name.string());
    if (next == 0) break;
    at += next;
  }
  return versions;
}

// Less is better.
std::tuple<bool, bool, std::size_t> how_well_known(std::string_view symbol) {
  return {symbol.find('@') != std::string_view::npos, symbol.starts_with('_'), symbol.size()};
}

// The dynamic linker's handle of a module.
class LinkedModule {
 public:
  explicit LinkedModule(const LoadedModule& module) {
    ::link_map* const map = module.map();
    Lmid_t space = LM_ID_BASE;
    if (map == nullptr || ::dlinfo(map, RTLD_DI_LMID, &space) != 0) return;
    const char* const name = *map->l_name == '\0' ? nullptr : map->l_name;
    handle_ = ::dlmopen(space, name, RTLD_LAZY | RTLD_NOLOAD);
    ::link_map* found = nullptr;
    if (handle_ != nullptr && (::dlinfo(handle_, RTLD_DI_LINKMAP, &found) != 0 || found != map)) {
      ::dlclose(handle_);
      handle_ = nullptr;
    }
  }
  LinkedModule(const LinkedModule&) = delete;
  LinkedModule& operator=(const LinkedModule&) = delete;
  ~LinkedModule() {
    if (handle_ != nullptr) ::dlclose(handle_);
  }

  const void* find(const ExportedSymbol& symbol) const {
    if (handle_ == nullptr) return nullptr;
    return symbol.version.empty() ? ::dlsym(handle_, symbol.name.c_str())
                                  : ::dlvsym(handle_, symbol.name.c_str(), symbol.version.c_str());
  }

 private:
  void* handle_ = nullptr;
};

}  // namespace

SymbolSections read_symbols(const ElfImage& file) {
  SymbolSections sections;
  sections.is_64 = file.is_64();
  sections.big_endian = file.big_endian();
  try {
    if (const ElfSection* symbols = file.of_type(SHT_DYNSYM)) {
      sections.symbols = file.contents(*symbols);
      if (const ElfSection* names = file.number(symbols->link))
        sections.names = file.contents(*names);
    }
    if (const ElfSection* versions = file.of_type(SHT_GNU_versym)) {
      sections.versions = file.contents(*versions);
    }
    if (const ElfSection* definitions = file.of_type(SHT_GNU_verdef)) {
      sections.definitions = file.contents(*definitions);
      if (const ElfSection* names = file.number(definitions->link)) {
        sections.version_names = file.contents(*names);
      }
    }
  } catch (const Failure&) {
    sections.symbols.clear();
  }
  return sections;
}

std::vector<ExportedSymbol> exported_symbols(const SymbolSections& sections) {
  std::vector<ExportedSymbol> symbols;
  const auto versions = versions_of(sections);
  Bytes in(sections.symbols, sections.big_endian);
  Bytes version_in(sections.versions, sections.big_endian);
  const std::uint64_t entry = sections.is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
  while (in.left() >= entry) {
    ExportedSymbol symbol;
    const std::uint32_t name = in.u32();
    if (!sections.is_64) {
      symbol.address = in.u32();
      in.u32();
    }
    const std::uint8_t info = in.u8();
    const std::uint8_t visibility = in.u8() & 3U;
    const std::uint16_t section = in.u16();
    if (sections.is_64) {
      symbol.address = in.u64();
      in.u64();
    }
    const std::uint16_t version = version_in.left() >= 2 ? version_in.u16() : 1;
    const unsigned binding = info >> 4;
    const unsigned type = info & 15U;
    const bool bound = binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE;
    symbol.function = type == STT_FUNC || type == STT_GNU_IFUNC;
    symbol.resolved = type == STT_GNU_IFUNC;
    if (section == SHN_UNDEF || !bound || (!symbol.function && type != STT_OBJECT) ||
        visibility == STV_HIDDEN || visibility == STV_INTERNAL) {
      continue;
    }
    Bytes name_in(sections.names, false);
    name_in.seek(name);
    symbol.name = name_in.string();
    if (symbol.name.empty()) continue;
    symbol.default_version = (version & 0x8000) == 0;
    if ((version & 0x7fff) > 1) {
      const auto found = versions.find(version & 0x7fff);
      if (found != versions.end()) symbol.version = found->second;
    }
    symbols.push_back(std::move(symbol));
  }
  return symbols;
}

typedata_type find_symbol(const DwarfTypes& types, std::string_view symbol, bool function) {
  const auto find = [&](std::string_view name) {
    return function ? types.function(name) : types.object(name);
  };
  // NAME@@VERSION is how the default version is written.
  const std::size_t at = symbol.find('@');
  if (at == std::string_view::npos || at == 0) return find(symbol);
  if (!symbol.substr(at).starts_with("@@")) {
    const typedata_type own = find(symbol);
    if (own != TYPEDATA_NONE) return own;
  }
  return find(symbol.substr(0, at));
}

AddressTable::AddressTable(const std::vector<ExportedSymbol>& symbols, const DwarfTypes& types,
                           const LoadedModule& module) {
  const LinkedModule linked(module);
  names_.reserve(symbols.size());  // entries point into it
  for (const ExportedSymbol& symbol : symbols) {
    std::string full = symbol.name;
    if (!symbol.version.empty() && !symbol.default_version) full += "@" + symbol.version;
    const typedata_type type = find_symbol(types, full, symbol.function);
    if (type == TYPEDATA_NONE) continue;
    std::uintptr_t address = module.bias() + symbol.address;
    if (symbol.resolved) {
      // What callers have is the address that the dynamic linker found; it tells again.
      const void* const found = linked.find(symbol);
      if (found == nullptr) continue;
      address = reinterpret_cast<std::uintptr_t>(found);
    }
    const std::string& kept = names_.emplace_back(std::move(full));
    entries_.push_back({address, type, kept.c_str(), symbol.function});
  }
  // Of several names the shortest one without version or underscore is what people know.
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.address != b.address) return a.address < b.address;
    if (a.function != b.function) return a.function;
    return how_well_known(a.symbol) < how_well_known(b.symbol);
  });
}

const AddressTable::Entry* AddressTable::find(const void* address, bool function) const {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  auto at = std::lower_bound(
      entries_.begin(), entries_.end(), wanted,
      [](const Entry& entry, std::uintptr_t value) { return entry.address < value; });
  for (; at != entries_.end() && at->address == wanted; ++at) {
    if (at->function == function) return &*at;
  }
  return nullptr;
}

}  // namespace splitstrip::library
