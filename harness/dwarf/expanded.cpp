#include "dwarf/expanded.h"

#include <algorithm>
#include <deque>

#include "elf/elf_edit.h"

namespace splitstrip {
namespace {

bool needs_expanding(const ElfFile& elf, const Section& section) {
  return elf.compressed(section) && !section.name.starts_with(".z");
}

}  // namespace

std::optional<ElfFile> dwarf_expanded(const ElfFile& elf) {
  const auto compressed = [&](const Section& section) { return needs_expanding(elf, section); };
  if (std::ranges::none_of(elf.sections(), compressed)) return std::nullopt;
  ElfEdit edit(elf);
  std::deque<SectionContents> contents;
  for (const Section& section : elf.sections()) {
    if (!compressed(section)) continue;
    contents.push_back(elf.contents(section));
    edit.put_section({.name = std::string(section.name), .bytes = contents.back().bytes()});
  }
  return ElfFile::from_memory(edit.bytes(), elf.path());
}

}  // namespace splitstrip
