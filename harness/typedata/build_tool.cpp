// For tests: builds typedata for EXPORTS from the DWARF in DWARF, and writes the object and, where
// asked for, a copy of EXPORTS that carries it.
#include <exception>
#include <filesystem>
#include <iostream>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "run/scratch.h"
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
      const ScratchDirectory scratch;
      const auto section = scratch.path() / "section";
      write_file(section, result.section);
      testing_support::run(
          {"objcopy", "--add-section", ".gnu_typedata=" + section.string(), argv[2], argv[4]});
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  return 0;
}
