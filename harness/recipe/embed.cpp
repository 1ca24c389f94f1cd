#include "recipe/embed.h"

#include <optional>

#include "elf/object_file.h"
#include "elf/prelink.h"
#include "elf/same_build.h"
#include "facts/error.h"
#include "recipe/debug_file.h"
#include "recipe/typedata.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

ElfFile open_stripped(const fs::path& path) {
  ElfFile elf = ElfFile::open(path);
  require_strippable(elf);
  if (elf.is_debug_file())
    throw Error::of("{}: is a debug file without code; name the library that it belongs to",
                    path.string());
  if (elf.has_dwarf())
    throw Error::of("{}: is not stripped; use `splitstrip split {} -o DIR`", path.string(),
                    path.string());
  return elf;
}

}  // namespace

Embedded embed_typedata(const fs::path& main, const fs::path& debug, const fs::path& output,
                        const DebugPlaces& places) {
  const ElfFile main_elf = open_stripped(main);
  const ElfFile debug_elf = open_debug_file(debug);
  require_same_build(main_elf, debug_elf);
  std::error_code none;
  if (fs::equivalent(output, debug, none))
    throw Error::of("{}: is the debug file itself; write main somewhere else", output.string());

  Embedded result;
  result.replaced = main_elf.section(typedata_section) != nullptr;
  const std::uintmax_t links = fs::hard_link_count(output, none);
  if (!none && links > 1) result.other_names = links - 1;
  // Of the addresses of its debug file; what is written into main holds none.
  const std::optional<ElfFile> moved_back = without_prelink(main_elf);
  result.typedata =
      build_typedata(debug_elf, moved_back ? *moved_back : main_elf, {.places = places});
  write_with_typedata(main_elf, result.typedata.section, output);
  return result;
}

}  // namespace splitstrip
