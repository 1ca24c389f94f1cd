#include "recipe/input.h"

#include "elf/object_file.h"
#include "facts/error.h"

namespace splitstrip {

ElfFile open_unstripped(const std::filesystem::path& path) {
  ElfFile elf = ElfFile::open(path);
  require_strippable(elf);
  if (elf.is_debug_file())
    throw Error::of("{}: is a debug file without code; name the library that it belongs to",
                    path.string());
  if (!elf.has_dwarf())
    throw Error::of(
        "{}: holds no DWARF; if it is stripped and you have its debug file, use `splitstrip embed "
        "{} --debug FILE`, otherwise build it with -g",
        path.string(), path.string());
  return elf;
}

}  // namespace splitstrip
