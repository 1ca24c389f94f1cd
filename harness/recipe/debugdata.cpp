#include "recipe/debugdata.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <gelf.h>
#include <lzma.h>

#include "elf/symbols.h"
#include "facts/error.h"
#include "run/file_descriptor.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

GElf_Shdr header_of(GElf_Word type, GElf_Xword flags = 0, GElf_Xword entry_size = 0) {
  GElf_Shdr header{};
  header.sh_type = type;
  header.sh_flags = flags;
  header.sh_addralign = 1;
  header.sh_entsize = entry_size;
  return header;
}

// Writes an ELF file, section by section, through libelf.
class SmallElf {
 public:
  // Class, byte order, machine and program headers as `like`.
  SmallElf(const fs::path& path, const ElfFile& like)
      : path_(path), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    if (!fd_.valid())
      throw Error::of("{}: cannot be written; free some space there", path.string());
    elf_.reset(elf_begin(fd_.get(), ELF_C_WRITE, nullptr));
    GElf_Ehdr header = like.header();
    header.e_shoff = header.e_shnum = 0;
    require(elf_ && gelf_newehdr(elf_.get(), like.is_64() ? ELFCLASS64 : ELFCLASS32) != nullptr &&
            gelf_update_ehdr(elf_.get(), &header) != 0);
    const auto& segments = like.program_headers();
    if (segments.empty()) return;
    require(gelf_newphdr(elf_.get(), segments.size()) != nullptr);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      GElf_Phdr segment = segments[i];
      require(gelf_update_phdr(elf_.get(), static_cast<int>(i), &segment) != 0);
    }
  }

  // `bytes` must outlive finish(). Returns the section's index.
  std::size_t add(const GElf_Shdr& like, std::string_view name, std::string_view bytes,
                  Elf_Type type = ELF_T_BYTE) {
    GElf_Shdr header = like;
    header.sh_name = static_cast<GElf_Word>(names_.size());
    names_.append(name).push_back('\0');
    return put(header, bytes, type);
  }

  // `functions` in their order, local ones first; `indices` says which section of this file theirs
  // became.
  void add_symbols(const std::vector<Symbol>& functions, const std::vector<std::size_t>& indices) {
    const std::size_t locals =
        static_cast<std::size_t>(std::ranges::count(functions, STB_LOCAL, &Symbol::binding));
    symbol_names_.assign(1, '\0');
    for (const Symbol& symbol : functions) symbol_names_.append(symbol.name).push_back('\0');
    const std::size_t strings = add(header_of(SHT_STRTAB), ".strtab", symbol_names_);

    const std::size_t size = gelf_fsize(elf_.get(), ELF_T_SYM, 1, EV_CURRENT);
    symbols_.assign(size * (functions.size() + 1), '\0');
    GElf_Shdr table = header_of(SHT_SYMTAB, 0, size);
    table.sh_link = static_cast<GElf_Word>(strings);
    table.sh_info = static_cast<GElf_Word>(locals + 1);
    table.sh_addralign = 8;
    const std::size_t index = add(table, ".symtab", symbols_, ELF_T_SYM);
    Elf_Data* data = elf_getdata(elf_getscn(elf_.get(), index), nullptr);
    std::size_t name = 1;
    for (std::size_t i = 0; i < functions.size(); ++i) {
      const Symbol& function = functions[i];
      GElf_Sym symbol{
          .st_name = static_cast<GElf_Word>(name),
          .st_info = static_cast<unsigned char>(GELF_ST_INFO(function.binding, function.type)),
          .st_other = function.visibility,
          .st_shndx = static_cast<GElf_Section>(indices[function.section]),
          .st_value = function.value,
          .st_size = function.size};
      name += function.name.size() + 1;
      require(data != nullptr && gelf_update_sym(data, static_cast<int>(i + 1), &symbol) != 0);
    }
  }

  // Call once, last.
  void finish() {
    GElf_Shdr names = header_of(SHT_STRTAB);
    names.sh_name = static_cast<GElf_Word>(names_.size());
    names_.append(".shstrtab").push_back('\0');
    const std::size_t index = put(names, names_, ELF_T_BYTE);
    GElf_Ehdr header{};
    require(gelf_getehdr(elf_.get(), &header) != nullptr);
    header.e_shstrndx = static_cast<GElf_Half>(index);
    require(gelf_update_ehdr(elf_.get(), &header) != 0 && elf_update(elf_.get(), ELF_C_WRITE) >= 0);
  }

 private:
  std::size_t put(GElf_Shdr header, std::string_view bytes, Elf_Type type) {
    Elf_Scn* section = elf_newscn(elf_.get());
    Elf_Data* data = section == nullptr ? nullptr : elf_newdata(section);
    require(data != nullptr && gelf_update_shdr(section, &header) != 0);
    data->d_type = type;
    data->d_version = EV_CURRENT;
    data->d_align = std::max<std::uint64_t>(header.sh_addralign, 1);
    const bool nobits = header.sh_type == SHT_NOBITS;
    data->d_size = nobits ? header.sh_size : bytes.size();
    if (!nobits) data->d_buf = const_cast<char*>(bytes.data());  // only read from
    return elf_ndxscn(section);
  }

  void require(bool fine) const {
    if (!fine)
      throw Error::of("{}: cannot be written: {}; free some space there", path_.string(),
                      elf_errmsg(-1));
  }

  struct End {
    void operator()(::Elf* elf) const { elf_end(elf); }
  };
  fs::path path_;
  FileDescriptor fd_;
  std::unique_ptr<::Elf, End> elf_;
  std::string names_ = std::string(1, '\0');
  std::string symbol_names_, symbols_;
};

std::vector<Symbol> functions_for_debugdata(const ElfFile& main, const ElfFile& debug) {
  std::set<std::string_view> dynamic;
  for (const Symbol& symbol : dynamic_symbols(main))
    if (symbol.defined()) dynamic.insert(symbol.name);
  std::vector<Symbol> kept;
  for (const Symbol& symbol : full_symbols(debug)) {
    const bool in_a_section = symbol.defined() && symbol.section < debug.sections().size();
    if (symbol.function() && in_a_section && debug.sections()[symbol.section].allocated() &&
        !dynamic.contains(symbol.name))
      kept.push_back(symbol);
  }
  std::ranges::stable_partition(kept, [](const Symbol& s) { return s.binding == STB_LOCAL; });
  return kept;
}

std::string compress_xz(std::span<const std::byte> bytes) {
  std::string out(lzma_stream_buffer_bound(bytes.size()), '\0');
  std::size_t size = 0;
  const lzma_ret end =
      lzma_easy_buffer_encode(LZMA_PRESET_DEFAULT, LZMA_CHECK_CRC32, nullptr,
                              reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
                              reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
  if (end != LZMA_OK)
    throw Error::of(".gnu_debugdata cannot be compressed: liblzma says {}; free some memory",
                    static_cast<int>(end));
  out.resize(size);
  return out;
}

}  // namespace

std::string make_debugdata(const ElfFile& main, const ElfFile& debug, const TypedataSections& dwarf,
                           const fs::path& scratch) {
  const fs::path path = scratch / "debugdata";
  {
    SmallElf small(path, debug);
    std::vector<std::size_t> indices(debug.sections().size(), SHN_UNDEF);
    std::size_t next = 1;
    for (const Section& section : debug.sections())
      if (section.allocated()) indices[section.index] = next++;
    const auto renumbered = [&](GElf_Word index) {
      return index < indices.size() ? static_cast<GElf_Word>(indices[index]) : SHN_UNDEF;
    };
    for (const Section& section : debug.sections()) {
      if (!section.allocated()) continue;
      const bool note = section.header.sh_type == SHT_NOTE;
      GElf_Shdr header = section.header;
      header.sh_link = renumbered(header.sh_link);
      if ((header.sh_flags & SHF_INFO_LINK) != 0) header.sh_info = renumbered(header.sh_info);
      if (!note) header.sh_type = SHT_NOBITS;
      const auto bytes = note ? debug.raw(section) : std::span<const std::byte>();
      small.add(header, section.name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    const GElf_Shdr plain = header_of(SHT_PROGBITS);
    const GElf_Shdr strings = header_of(SHT_PROGBITS, SHF_MERGE | SHF_STRINGS, 1);
    small.add(plain, ".debug_info", dwarf.info);
    small.add(plain, ".debug_abbrev", dwarf.abbrev);
    small.add(strings, ".debug_str", dwarf.str);
    small.add_symbols(functions_for_debugdata(main, debug), indices);
    small.finish();
  }
  return compress_xz(ElfFile::open(path).bytes());
}

}  // namespace splitstrip
