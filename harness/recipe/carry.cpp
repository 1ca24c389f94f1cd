#include "recipe/carry.h"

#include "elf/elf_edit.h"
#include "recipe/conventional.h"
#include "recipe/input.h"
#include "recipe/publish.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

void make_carrying(std::initializer_list<std::string_view> sections, const fs::path& unstripped,
                   const Pair& pair, const fs::path& scratch) {
  const ElfFile original = open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  Pair made = ConventionalStrip(unstripped, pair.main.filename(), own.path()).finish();
  const ElfFile stripped = ElfFile::open(made.main);
  ElfEdit edit(stripped);
  for (const std::string_view name : sections) {
    const Section* section = original.section(name);
    if (section == nullptr) continue;
    edit.put_section({.name = std::string(name),
                      .bytes = original.raw(*section),
                      .type = section->header.sh_type,
                      .flags = section->header.sh_flags,
                      .alignment = section->header.sh_addralign,
                      .entry_size = section->header.sh_entsize});
  }
  made.main += ".carrying";
  edit.write(made.main);
  publish(made, pair);
}

}  // namespace splitstrip
