#include "dwarf/relocated.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <elfutils/libdwfl.h>
#include <unistd.h>

#include "dwarf/expanded.h"
#include "elf/object_file.h"
#include "elf/rewrite.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

struct End {
  void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
};

// The DWARF is in the file itself.
int no_other_file(Dwfl_Module* /*module*/, void** /*user*/, const char* /*name*/,
                  Dwarf_Addr /*base*/, const char* /*file*/, const char* /*link*/,
                  GElf_Word /*crc*/, char** /*found*/) {
  return -1;
}

int no_file(Dwfl_Module* /*module*/, void** /*user*/, const char* /*name*/, Dwarf_Addr /*base*/,
            char** /*file*/, ::Elf** /*elf*/) {
  return -1;
}

bool is_dwarf(const Section& section) {
  return !section.allocated() && !section.nobits() && section.name.starts_with(".debug_");
}

class Relocation {
 public:
  explicit Relocation(const ElfFile& elf) : elf_(elf), copy_(elf) {
    callbacks_.find_elf = no_file;
    callbacks_.find_debuginfo = no_other_file;
    callbacks_.section_address = dwfl_offline_section_address;
    dwfl_.reset(dwfl_begin(&callbacks_));
    const int fd = copy_in_memory(elf);
    Dwfl_Module* module = nullptr;
    if (dwfl_) {
      dwfl_report_begin(dwfl_.get());
      // From 0 on, as gdb lays an object's sections out.
      module = dwfl_report_elf(dwfl_.get(), "object", "object", fd, 0, false);
      dwfl_report_end(dwfl_.get(), nullptr, nullptr);
    }
    if (module == nullptr) {
      ::close(fd);
      fail();
    }
    Dwarf_Addr bias = 0;
    // Relocates all sections of DWARF; without any there is nothing to do.
    dwfl_module_getdwarf(module, &bias);
    laid_out_ = dwfl_module_getelf(module, &bias);
    if (laid_out_ == nullptr) fail();
  }

  ElfFile run() {
    for (const Section& section : elf_.sections()) {
      if (section.allocated()) place(section);
      if (is_dwarf(section)) take(section);
    }
    for (const Section& section : elf_.sections())
      if (section.header.sh_type == SHT_SYMTAB) move_symbols(section);
    return copy_.finish();
  }

 private:
  [[noreturn]] void fail() const {
    throw Error::of("{}: is an object file that libdwfl cannot relocate: {}; link it",
                    elf_.path().string(), dwfl_errmsg(-1));
  }

  GElf_Shdr laid_out(std::size_t index) const {
    GElf_Shdr header{};
    gelf_getshdr(elf_getscn(laid_out_, index), &header);
    return header;
  }

  void place(const Section& section) {
    GElf_Shdr header = section.header;
    header.sh_addr = laid_out(section.index).sh_addr;
    gelf_update_shdr(elf_getscn(copy_.handle(), section.index), &header);
  }

  void take(const Section& section) {
    const ::Elf_Data* from = elf_getdata(elf_getscn(laid_out_, section.index), nullptr);
    ::Elf_Data* to = elf_getdata(elf_getscn(copy_.handle(), section.index), nullptr);
    if (from == nullptr || to == nullptr || from->d_size != to->d_size || to->d_size == 0) return;
    std::memcpy(to->d_buf, from->d_buf, to->d_size);
    elf_flagdata(to, ELF_C_SET, ELF_F_DIRTY);
  }

  void move_symbols(const Section& section) {
    ::Elf_Data* data = elf_getdata(elf_getscn(copy_.handle(), section.index), nullptr);
    GElf_Sym symbol{};
    for (int i = 1; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i) {
      // Beyond this number they are no sections; files with more of them say XINDEX and are left.
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE ||
          symbol.st_shndx >= elf_.sections().size() || GELF_ST_TYPE(symbol.st_info) == STT_TLS)
        continue;
      symbol.st_value += laid_out(symbol.st_shndx).sh_addr;
      gelf_update_sym(data, i, &symbol);
    }
    elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
  }

  const ElfFile& elf_;
  Rewrite copy_;
  Dwfl_Callbacks callbacks_{};
  std::unique_ptr<Dwfl, End> dwfl_;
  ::Elf* laid_out_ = nullptr;
};

}  // namespace

std::optional<ElfFile> relocated(const ElfFile& elf) {
  // Without symbols there is nothing that could move: dwz's common file is of this type, too.
  const bool symbols = std::ranges::any_of(elf.sections(), [](const Section& section) {
    return section.header.sh_type == SHT_SYMTAB;
  });
  if (!is_object(elf) || !symbols) return std::nullopt;
  const std::optional<ElfFile> plain = dwarf_expanded(elf);
  return Relocation(plain ? *plain : elf).run();
}

}  // namespace splitstrip
