#include "typedata/library/typed_library.h"

#include <span>

#include "elf/elf_edit.h"
#include "elf/test_library.h"
#include "typedata/build.h"

namespace splitstrip::testing_support {

std::filesystem::path with_typedata(const std::filesystem::path& directory,
                                    const std::string& source, const std::string& name,
                                    const std::vector<std::string>& flags) {
  const auto whole = directory / ("whole-" + name);
  build_library(whole, source, flags);
  return split(whole, directory / name);
}

std::filesystem::path split(const std::filesystem::path& whole, const std::filesystem::path& main) {
  const auto stripped = main.string() + ".stripped";
  run({"strip", "-o", stripped, whole.string()});
  const TypedataResult typedata = build_typedata(whole, whole);
  const ElfFile elf = ElfFile::open(stripped);
  ElfEdit edit(elf);
  edit.put_section({.name = ".gnu_typedata", .bytes = std::as_bytes(std::span(typedata.section))});
  edit.write(main);
  return main;
}

}  // namespace splitstrip::testing_support
