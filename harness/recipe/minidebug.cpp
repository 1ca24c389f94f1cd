// The reduced DWARF of the typedata recipe where Fedora keeps symbols for backtraces: in the small
// debug file within main, .gnu_debugdata. Readers take that for a last resort, or for symbols
// alone: gdb 13 tells types from it where the debug file is missing, but no prototypes.
#include "elf/elf_edit.h"
#include "recipe/conventional.h"
#include "recipe/debugdata.h"
#include "recipe/input.h"
#include "recipe/make.h"
#include "recipe/publish.h"
#include "run/scratch.h"
#include "typedata/build.h"

namespace splitstrip {

namespace fs = std::filesystem;

void make_minidebug(const fs::path& unstripped, const Pair& pair, const fs::path& scratch) {
  const ElfFile elf = open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  ConventionalStrip strip(unstripped, pair.main.filename(), own.path());
  const TypedataResult typedata = build_typedata(elf, elf);
  Pair made = strip.finish();
  const ElfFile stripped = ElfFile::open(made.main);
  const std::string section =
      make_debugdata(stripped, ElfFile::open(made.debug), typedata.dwarf, own.path());
  ElfEdit edit(stripped);
  edit.put_section({.name = ".gnu_debugdata",
                    .bytes = std::as_bytes(std::span(section.data(), section.size()))});
  made.main += ".minidebug";
  edit.write(made.main);
  publish(made, pair);
}

}  // namespace splitstrip
