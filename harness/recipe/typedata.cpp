#include "recipe/typedata.h"

#include "elf/elf_edit.h"
#include "recipe/conventional.h"
#include "recipe/input.h"
#include "recipe/make.h"
#include "recipe/publish.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

void write_with_typedata(const ElfFile& main, std::string_view section, const fs::path& output) {
  ElfEdit edit(main);
  edit.put_section({.name = typedata_section,
                    .bytes = std::as_bytes(std::span(section.data(), section.size()))});
  edit.write(output);
}

TypedataResult make_typedata_pair(const fs::path& unstripped, const Pair& pair,
                                  const fs::path& scratch) {
  const ElfFile elf = open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  ConventionalStrip strip(unstripped, pair.main.filename(), own.path());
  TypedataResult typedata = build_typedata(elf, elf);
  Pair made = strip.finish();
  const ElfFile stripped = ElfFile::open(made.main);
  made.main += ".typedata";
  write_with_typedata(stripped, typedata.section, made.main);
  publish(made, pair);
  return typedata;
}

void make_typedata(const fs::path& unstripped, const Pair& pair, const fs::path& scratch) {
  make_typedata_pair(unstripped, pair, scratch);
}

}  // namespace splitstrip
