// For tests: builds typedata for EXPORTS from the DWARF in DWARF, and writes the object and, where
// asked for, a copy of EXPORTS that carries it.
#include <exception>
#include <filesystem>
#include <iostream>
#include <span>

#include "elf/elf_edit.h"
#include "facts/atomic_file.h"
#include "typedata/build.h"

int main(int argc, char** argv) {
  using namespace splitstrip;
  if (argc != 4 && argc != 5) {
    std::cerr << "usage: typedata_build_tool DWARF EXPORTS OBJECT [MAIN]\n";
    return 2;
  }
  try {
    const TypedataResult result = build_typedata(argv[1], argv[2]);
    write_file(argv[3], result.object);
    if (argc == 5) {
      // Not objcopy, which knows the files of its own machine alone.
      const auto exports = ElfFile::open(argv[2]);
      ElfEdit edit(exports);
      edit.put_section({.name = ".gnu_typedata", .bytes = std::as_bytes(std::span(result.section))});
      edit.write(argv[4]);
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  return 0;
}
