#include "elf/function_entries.h"

namespace splitstrip {
namespace {

constexpr std::size_t word = 8;

std::uint64_t word_at(std::span<const std::byte> bytes, std::size_t offset, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < word; ++i)
    value = value << 8 |
            std::to_integer<std::uint64_t>(bytes[offset + (big_endian ? i : word - 1 - i)]);
  return value;
}

}  // namespace

FunctionEntries::FunctionEntries(const ElfFile& library)
    : machine_(library.header().e_machine), big_endian_(library.big_endian()) {
  if (machine_ != EM_PPC64) return;
  const Section* section = library.section(".opd");
  if (section == nullptr || section->nobits()) return;
  descriptors_ = library.raw(*section);
  descriptors_address_ = section->header.sh_addr;
  read_relocations(library);
}

void FunctionEntries::read_relocations(const ElfFile& library) {
  for (const Section& section : library.sections()) {
    if (section.header.sh_type != SHT_RELA || !section.allocated()) continue;
    const auto bytes = library.raw(section);
    for (std::size_t at = 0; at + sizeof(Elf64_Rela) <= bytes.size(); at += sizeof(Elf64_Rela)) {
      const std::uint64_t place = word_at(bytes, at, big_endian_);
      const std::uint64_t info = word_at(bytes, at + word, big_endian_);
      if (ELF64_R_TYPE(info) == R_PPC64_RELATIVE && place >= descriptors_address_ &&
          place - descriptors_address_ < descriptors_.size())
        relocated_[place] = word_at(bytes, at + 2 * word, big_endian_);
    }
  }
}

std::uint64_t FunctionEntries::of(const Symbol& symbol) const {
  if (!symbol.function()) return symbol.value;
  if (machine_ == EM_ARM) return symbol.value & ~std::uint64_t{1};  // the bit says "Thumb"
  if (symbol.value < descriptors_address_) return symbol.value;
  const std::uint64_t offset = symbol.value - descriptors_address_;
  if (descriptors_.size() < word || offset > descriptors_.size() - word) return symbol.value;
  const auto relocated = relocated_.find(symbol.value);
  return relocated != relocated_.end() ? relocated->second
                                       : word_at(descriptors_, offset, big_endian_);
}

}  // namespace splitstrip
