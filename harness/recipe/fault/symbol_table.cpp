#include "recipe/fault/symbol_table.h"

#include "facts/error.h"
#include "recipe/fault/number.h"

namespace splitstrip {

SymbolDraft::SymbolDraft(ElfDraft& draft, std::string_view table, std::string_view what,
                         const Suits& suits)
    : wide_(draft.elf().is_64()), big_endian_(draft.elf().big_endian()) {
  const ElfFile& elf = draft.elf();
  const Section* section = elf.section(table);
  Elf_Data* data = section == nullptr || section->nobits()
                       ? nullptr
                       : elf_getdata(elf_getscn(elf.handle(), section->index), nullptr);
  const std::size_t entry = wide_ ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
  for (int i = 1; data != nullptr && gelf_getsym(data, i, &symbol_) != nullptr; ++i) {
    const char* name = elf_strptr(elf.handle(), section->header.sh_link, symbol_.st_name);
    if (!suits(symbol_, name == nullptr ? std::string_view() : std::string_view(name))) continue;
    index_ = static_cast<std::size_t>(i);
    const std::span<std::byte> all = section->allocated()
                                         ? draft.loaded(std::string(table))
                                         : std::span(draft.content(std::string(table)));
    bytes_ = all.subspan(index_ * entry, entry);  // libelf gave it, so it is there
    return;
  }
  throw Error::of("{}: has no {} in {} to plant this fault in; name another library",
                  elf.path().filename().string(), what, table);
}

void SymbolDraft::put(std::size_t at_32, std::size_t size_32, std::size_t at_64,
                      std::size_t size_64, std::uint64_t value) {
  put_number(bytes_.subspan(wide_ ? at_64 : at_32, wide_ ? size_64 : size_32), value, big_endian_);
}
void SymbolDraft::set_name(std::uint64_t value) {
  put(0, 4, 0, 4, value);
}
void SymbolDraft::set_value(std::uint64_t value) {
  put(4, 4, 8, 8, value);
}
void SymbolDraft::set_size(std::uint64_t value) {
  put(8, 4, 16, 8, value);
}
void SymbolDraft::set_section(std::uint64_t value) {
  put(14, 2, 6, 2, value);
}

}  // namespace splitstrip
