#include "elf/prelink.h"

#include <algorithm>
#include <array>
#include <vector>

#include "elf/rewrite.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

[[noreturn]] void damaged(const ElfFile& elf) {
  throw Error::of(
      "{}: is prelinked, and its {} is damaged; undo that with prelink -u, or take the file out of "
      "its package again",
      elf.path().string(), prelink_section);
}

bool is_code(const GElf_Shdr& header) {
  return header.sh_type == SHT_PROGBITS && (header.sh_flags & SHF_EXECINSTR) != 0;
}

// A table of the file's own class and byte order, in the machine's.
template <typename T32, typename T64, typename Native>
std::vector<Native> table(const ElfFile& elf, std::span<const std::byte> bytes, std::size_t count,
                          Elf_Type type, Native (*widen)(const T32&)) {
  const std::size_t entry = elf.is_64() ? sizeof(T64) : sizeof(T32);
  if (bytes.size() / entry < count) damaged(elf);
  Elf_Data from{};
  from.d_buf = const_cast<std::byte*>(bytes.data());  // only read
  from.d_type = type;
  from.d_version = EV_CURRENT;
  from.d_size = count * entry;
  Elf_Data to = from;
  const auto translate = [&](auto& made) {
    to.d_buf = made.data();
    if (gelf_xlatetom(elf.handle(), &to, &from, elf.header().e_ident[EI_DATA]) == nullptr)
      damaged(elf);
  };
  std::vector<Native> result(count);
  if (elf.is_64()) {
    translate(result);
    return result;
  }
  std::vector<T32> narrow(count);
  translate(narrow);
  std::ranges::transform(narrow, result.begin(), widen);
  return result;
}

GElf_Ehdr widen_header(const Elf32_Ehdr& from) {
  GElf_Ehdr to{};
  to.e_phnum = from.e_phnum;
  to.e_shnum = from.e_shnum;
  return to;
}

GElf_Shdr widen_section(const Elf32_Shdr& from) {
  GElf_Shdr to{};
  to.sh_type = from.sh_type;
  to.sh_flags = from.sh_flags;
  to.sh_addr = from.sh_addr;
  to.sh_size = from.sh_size;
  return to;
}

// By how much prelink moved the library.
GElf_Addr moved_by(const ElfFile& elf, std::span<const std::byte> undo) {
  const std::size_t header = elf.is_64() ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
  const std::size_t segment = elf.is_64() ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
  const GElf_Ehdr before =
      table<Elf32_Ehdr, Elf64_Ehdr>(elf, undo, 1, ELF_T_EHDR, widen_header).front();
  const std::size_t at = header + before.e_phnum * segment;
  if (at > undo.size() || before.e_shnum == 0) damaged(elf);
  // Without the null section.
  const auto sections = table<Elf32_Shdr, Elf64_Shdr>(elf, undo.subspan(at), before.e_shnum - 1U,
                                                      ELF_T_SHDR, widen_section);
  const auto was = std::ranges::find_if(sections, is_code);
  const auto is =
      std::ranges::find_if(elf.sections(), [](const Section& s) { return is_code(s.header); });
  // The first code is moved, and never changed in size.
  if (was == sections.end() || is == elf.sections().end() || was->sh_size != is->header.sh_size)
    damaged(elf);
  return is->header.sh_addr - was->sh_addr;
}

// Tags whose value is an address (gABI, "Dynamic Section"; the GNU extensions in elf.h).
bool is_address_tag(GElf_Sxword tag) {
  constexpr std::array<GElf_Sxword, 17> tags{
      DT_PLTGOT, DT_HASH,    DT_STRTAB, DT_SYMTAB,     DT_RELA,        DT_INIT,
      DT_FINI,   DT_REL,     DT_JMPREL, DT_INIT_ARRAY, DT_FINI_ARRAY,  DT_PREINIT_ARRAY,
      DT_VERDEF, DT_VERNEED, DT_VERSYM, DT_GNU_HASH,   DT_GNU_CONFLICT};
  return std::ranges::find(tags, tag) != tags.end() || tag == DT_GNU_LIBLIST;
}

// The relocation that adds the load address alone.
std::optional<unsigned> relative_type(unsigned machine) {
  switch (machine) {
    case EM_386:
      return R_386_RELATIVE;
    case EM_X86_64:
      return R_X86_64_RELATIVE;
    case EM_PPC:
      return R_PPC_RELATIVE;
    case EM_PPC64:
      return R_PPC64_RELATIVE;
    case EM_S390:
      return R_390_RELATIVE;
    case EM_ARM:
      return R_ARM_RELATIVE;
    case EM_AARCH64:
      return R_AARCH64_RELATIVE;
    default:
      return std::nullopt;
  }
}

// Subtracts from every address of a file that libelf has open for reading and writing.
class Mover {
 public:
  Mover(const ElfFile& file, ::Elf* elf, GElf_Addr by) : file_(file), elf_(elf), by_(by) {}

  void move() {
    // What is relocated first, as long as the headers say where it lies.
    each_section([this](::Elf_Scn* scn, const GElf_Shdr& header) { content(scn, header); });
    each_section([this](::Elf_Scn* scn, GElf_Shdr header) {
      if ((header.sh_flags & SHF_ALLOC) == 0) return;
      header.sh_addr -= by_;
      gelf_update_shdr(scn, &header);
    });
    std::size_t count = 0;
    elf_getphdrnum(elf_, &count);
    for (int i = 0; i < static_cast<int>(count); ++i) {
      GElf_Phdr segment{};
      if (gelf_getphdr(elf_, i, &segment) == nullptr || segment.p_memsz == 0) continue;
      segment.p_vaddr -= by_;
      segment.p_paddr -= by_;
      gelf_update_phdr(elf_, i, &segment);
    }
    GElf_Ehdr header{};
    if (gelf_getehdr(elf_, &header) == nullptr || header.e_entry == 0) return;
    header.e_entry -= by_;
    gelf_update_ehdr(elf_, &header);
  }

 private:
  template <typename Act>
  void each_section(Act act) {
    for (::Elf_Scn* scn = nullptr; (scn = elf_nextscn(elf_, scn)) != nullptr;) {
      GElf_Shdr header{};
      if (gelf_getshdr(scn, &header) != nullptr) act(scn, header);
    }
  }

  void content(::Elf_Scn* scn, const GElf_Shdr& header) {
    switch (header.sh_type) {
      case SHT_DYNAMIC:
        return each<GElf_Dyn>(scn, gelf_getdyn, gelf_update_dyn, [this](GElf_Dyn& dynamic) {
          if (is_address_tag(dynamic.d_tag)) dynamic.d_un.d_ptr -= by_;
        });
      case SHT_DYNSYM:
      case SHT_SYMTAB:
        return each<GElf_Sym>(scn, gelf_getsym, gelf_update_sym, [this](GElf_Sym& symbol) {
          const bool address = symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS &&
                               GELF_ST_TYPE(symbol.st_info) != STT_TLS;
          if (address) symbol.st_value -= by_;
        });
      case SHT_RELA:
        if ((header.sh_flags & SHF_ALLOC) == 0) return;
        return each<GElf_Rela>(scn, gelf_getrela, gelf_update_rela, [this](GElf_Rela& entry) {
          if (is_relative(entry.r_info)) {
            const auto address = static_cast<GElf_Addr>(entry.r_addend);
            move_word(entry.r_offset, address);
            entry.r_addend = static_cast<GElf_Sxword>(address - by_);
          }
          entry.r_offset -= by_;
        });
      case SHT_REL:
        if ((header.sh_flags & SHF_ALLOC) == 0) return;
        return each<GElf_Rel>(scn, gelf_getrel, gelf_update_rel, [this](GElf_Rel& entry) {
          if (is_relative(entry.r_info)) move_word(entry.r_offset, std::nullopt);
          entry.r_offset -= by_;
        });
      default:
        return;
    }
  }

  template <typename Entry, typename Get, typename Put, typename Change>
  void each(::Elf_Scn* scn, Get get, Put put, Change change) {
    ::Elf_Data* data = elf_getdata(scn, nullptr);
    Entry entry{};
    for (int i = 0; data != nullptr && get(data, i, &entry) != nullptr; ++i) {
      change(entry);
      put(data, i, &entry);
    }
    elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
  }

  bool is_relative(GElf_Xword info) const {
    return relative_type(file_.header().e_machine) == GELF_R_TYPE(info);
  }

  // The word at that address, if it is `only` or if that is not said.
  void move_word(GElf_Addr address, std::optional<GElf_Addr> only) {
    const std::size_t size = file_.is_64() ? 8 : 4;
    for (const Section& section : file_.sections()) {
      if (!section.allocated() || section.nobits() || address < section.header.sh_addr ||
          section.header.sh_size < size ||
          address - section.header.sh_addr > section.header.sh_size - size)
        continue;
      ::Elf_Data* data = elf_getdata(elf_getscn(elf_, section.index), nullptr);
      // The words of others than these two are in the machine's byte order, if at all.
      const bool bytes = section.header.sh_type == SHT_PROGBITS;
      const bool words = section.header.sh_type == SHT_INIT_ARRAY ||
                         section.header.sh_type == SHT_FINI_ARRAY ||
                         section.header.sh_type == SHT_PREINIT_ARRAY;
      if (data == nullptr || data->d_buf == nullptr || (!bytes && !words)) return;
      auto* word = static_cast<unsigned char*>(data->d_buf) + (address - section.header.sh_addr);
      const bool big = data->d_type == ELF_T_BYTE ? file_.big_endian() : machine_is_big;
      GElf_Addr value = 0;
      for (std::size_t i = 0; i < size; ++i) value = value << 8 | word[big ? i : size - 1 - i];
      if (only && value != *only) return;
      value -= by_;
      for (std::size_t i = 0; i < size; ++i)
        word[big ? size - 1 - i : i] = static_cast<unsigned char>(value >> 8 * i);
      elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
      return;
    }
  }

  static constexpr bool machine_is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
  const ElfFile& file_;
  ::Elf* elf_;
  GElf_Addr by_;
};

}  // namespace

std::optional<ElfFile> without_prelink(const ElfFile& elf) {
  const Section* undo = elf.section(prelink_section);
  if (undo == nullptr || undo->nobits()) return std::nullopt;
  const GElf_Addr by = moved_by(elf, elf.raw(*undo));
  if (by == 0) return std::nullopt;

  Rewrite copy(elf);
  Mover(elf, copy.handle(), by).move();
  return copy.finish();
}

}  // namespace splitstrip
