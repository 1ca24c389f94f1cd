// One symbol in a table that is to be changed. Source: gABI 4, "Symbol Table".
#pragma once

#include <functional>
#include <string_view>

#include "recipe/fault/elf_draft.h"

namespace splitstrip {

class SymbolDraft {
 public:
  using Suits = std::function<bool(const GElf_Sym& symbol, std::string_view name)>;

  // The first symbol of `table` (".dynsym", ".symtab") that suits. Throws Error if there is none.
  SymbolDraft(ElfDraft& elf, std::string_view table, std::string_view what, const Suits& suits);

  const GElf_Sym& symbol() const { return symbol_; }
  std::size_t index() const { return index_; }
  void set_name(std::uint64_t value);  // its offset in the string table
  void set_value(std::uint64_t value);
  void set_size(std::uint64_t value);
  void set_section(std::uint64_t value);

 private:
  void put(std::size_t at_32, std::size_t size_32, std::size_t at_64, std::size_t size_64,
           std::uint64_t value);

  bool wide_;
  bool big_endian_;
  std::span<std::byte> bytes_;
  GElf_Sym symbol_{};
  std::size_t index_ = 0;
};

}  // namespace splitstrip
