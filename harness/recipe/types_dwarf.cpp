// The reduced DWARF of the typedata recipe, but as standard sections: readers that find .debug_info
// in main believe that this is all the DWARF there is.
#include "elf/elf_edit.h"
#include "recipe/conventional.h"
#include "recipe/input.h"
#include "recipe/make.h"
#include "recipe/publish.h"
#include "run/scratch.h"
#include "typedata/build.h"

namespace splitstrip {

namespace fs = std::filesystem;

void make_types_dwarf(const fs::path& unstripped, const Pair& pair, const fs::path& scratch) {
  const ElfFile elf = open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  ConventionalStrip strip(unstripped, pair.main.filename(), own.path());
  const TypedataResult typedata = build_typedata(elf, elf);
  Pair made = strip.finish();
  const ElfFile stripped = ElfFile::open(made.main);
  ElfEdit edit(stripped);
  const auto bytes = [](const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
  };
  edit.put_section({.name = ".debug_info", .bytes = bytes(typedata.dwarf.info)});
  edit.put_section({.name = ".debug_abbrev", .bytes = bytes(typedata.dwarf.abbrev)});
  edit.put_section({.name = ".debug_str",
                    .bytes = bytes(typedata.dwarf.str),
                    .flags = SHF_MERGE | SHF_STRINGS,
                    .entry_size = 1});
  made.main += ".types";
  edit.write(made.main);
  publish(made, pair);
}

}  // namespace splitstrip
