#include "elf/symbols.h"

#include <algorithm>
#include <map>

#include "elf/object_file.h"

namespace splitstrip {
namespace {

using VersionNames = std::map<unsigned, std::string_view>;

const Section* section_of_type(const ElfFile& elf, GElf_Word type) {
  const auto found = std::ranges::find_if(
      elf.sections(), [&](const Section& s) { return s.header.sh_type == type; });
  return found == elf.sections().end() ? nullptr : &*found;
}

::Elf_Data* data_of(const ElfFile& elf, const Section* section) {
  if (section == nullptr || section->nobits()) return nullptr;
  ::Elf_Data* data = elf_getdata(elf_getscn(elf.handle(), section->index), nullptr);
  return data != nullptr && data->d_buf != nullptr ? data : nullptr;
}

std::string_view string_at(const ElfFile& elf, std::size_t table, std::size_t offset) {
  const char* text = elf_strptr(elf.handle(), table, offset);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// Version index -> name, from the versions that this file defines. Both chains go forward only, so
// the section's size bounds them.
VersionNames defined_versions(const ElfFile& elf) {
  VersionNames names;
  const Section* section = section_of_type(elf, SHT_GNU_verdef);
  ::Elf_Data* data = data_of(elf, section);
  if (data == nullptr) return names;
  GElf_Verdef definition{};
  GElf_Verdaux aux{};
  for (std::size_t at = 0; gelf_getverdef(data, static_cast<int>(at), &definition) != nullptr;) {
    // The flag marks the file's own name, which is no version.
    if ((definition.vd_flags & VER_FLG_BASE) == 0 &&
        gelf_getverdaux(data, static_cast<int>(at + definition.vd_aux), &aux) != nullptr)
      names.emplace(definition.vd_ndx & 0x7fffu,
                    string_at(elf, section->header.sh_link, aux.vda_name));
    if (definition.vd_next == 0 || data->d_size - at <= definition.vd_next) break;
    at += definition.vd_next;
  }
  return names;
}

std::vector<Symbol> read_symbols(const ElfFile& elf, GElf_Word type) {
  std::vector<Symbol> symbols;
  const Section* section = section_of_type(elf, type);
  ::Elf_Data* data = data_of(elf, section);
  if (data == nullptr) return symbols;
  const Section* extended = section_of_type(elf, SHT_SYMTAB_SHNDX);
  if (extended != nullptr && extended->header.sh_link != section->index) extended = nullptr;
  ::Elf_Data* extended_data = data_of(elf, extended);
  const bool dynamic = type == SHT_DYNSYM;
  ::Elf_Data* versions = dynamic ? data_of(elf, section_of_type(elf, SHT_GNU_versym)) : nullptr;
  const VersionNames names = versions == nullptr ? VersionNames() : defined_versions(elf);

  const std::size_t count = data->d_size / (elf.is_64() ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
  symbols.reserve(count);
  for (std::size_t i = 1; i < count; ++i) {
    GElf_Sym raw{};
    Elf32_Word index = 0;
    if (gelf_getsymshndx(data, extended_data, static_cast<int>(i), &raw, &index) == nullptr) break;
    const char* name = elf_strptr(elf.handle(), section->header.sh_link, raw.st_name);
    if (name == nullptr) continue;
    Symbol symbol;
    symbol.name = name;
    symbol.value = raw.st_value;
    symbol.size = raw.st_size;
    symbol.type = GELF_ST_TYPE(raw.st_info);
    symbol.binding = GELF_ST_BIND(raw.st_info);
    symbol.visibility = GELF_ST_VISIBILITY(raw.st_other);
    symbol.section = raw.st_shndx == SHN_XINDEX ? index : raw.st_shndx;
    GElf_Versym version = 0;
    if (versions != nullptr && gelf_getversym(versions, static_cast<int>(i), &version) != nullptr) {
      if (const auto known = names.find(version & 0x7fffu); known != names.end()) {
        symbol.version = known->second;
        symbol.default_version = (version & 0x8000u) == 0;
      }
    }
    symbols.push_back(symbol);
  }
  return symbols;
}

}  // namespace

std::vector<Symbol> dynamic_symbols(const ElfFile& elf) {
  return read_symbols(elf, SHT_DYNSYM);
}

std::vector<Symbol> full_symbols(const ElfFile& elf) {
  return read_symbols(elf, SHT_SYMTAB);
}

std::vector<Symbol> exported_symbols(const ElfFile& elf) {
  std::vector<Symbol> symbols = is_object(elf) ? full_symbols(elf) : dynamic_symbols(elf);
  std::erase_if(symbols, [](const Symbol& s) {
    const bool bound =
        s.binding == STB_GLOBAL || s.binding == STB_WEAK || s.binding == STB_GNU_UNIQUE;
    const bool visible = s.visibility == STV_DEFAULT || s.visibility == STV_PROTECTED;
    return !s.defined() || !bound || !visible || !(s.function() || s.object());
  });
  return symbols;
}

}  // namespace splitstrip
