#include "elf/read_everything.h"

#include <array>
#include <cstdint>
#include <utility>

#include "elf/code_addresses.h"
#include "elf/elf_edit.h"
#include "elf/elf_file.h"
#include "elf/identity.h"
#include "elf/symbols.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

void read(const ElfFile& elf) {
  // Every byte is looked at, for the sanitizer to see; the sum keeps that from being optimised
  // away.
  volatile std::uint8_t sum = 0;
  for (const Section& section : elf.sections()) {
    for (const char c : section.name) sum = sum + static_cast<std::uint8_t>(c);
    for (const std::byte b : elf.raw(section)) sum = sum + std::to_integer<std::uint8_t>(b);
    try {
      const SectionContents contents = elf.contents(section);
      for (const std::byte b : contents.bytes()) sum = sum + std::to_integer<std::uint8_t>(b);
    } catch (const Error&) {
      // One damaged section leaves the others to be read.
    }
  }
  (void)elf.soname();
  (void)elf.machine_name();
  (void)elf.has_dwarf();
  (void)elf.is_debug_file();
  (void)build_id(elf);
  (void)debug_link(elf);
  (void)alt_link(elf);
  (void)exported_symbols(elf);
  (void)full_symbols(elf);
  (void)code_addresses(elf, 100);
}

void edit(const ElfFile& elf) {
  constexpr std::array<std::byte, 99> added{};
  ElfEdit edit(elf);
  edit.put_section({.name = ".gnu_typedata", .bytes = added});
  edit.remove_section(".comment");
  (void)edit.bytes();
}

}  // namespace

bool read_everything(std::vector<std::byte> bytes) {
  try {
    const ElfFile elf = ElfFile::from_memory(std::move(bytes), "input");
    read(elf);
    try {
      edit(elf);
    } catch (const Error&) {
      // Not every file that can be read can be edited.
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace splitstrip
