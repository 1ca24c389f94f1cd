#include "recipe/debug_file.h"

#include <string>

#include "elf/identity.h"
#include "facts/error.h"
#include "recipe/package_hint.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

std::string remedy(const ElfFile& main, const DebugPlaces& places) {
  if (!places.sysroot) return debug_package_hint(main.path());
  return fmt::format("unpack its debuginfo package to {}, or name the file with --debug",
                     places.sysroot->directory().string());
}

}  // namespace

fs::path require_debug_file(const ElfFile& main, const DebugPlaces& places) {
  if (auto found = find_debug_file(main, places)) return *found;
  const auto id = build_id(main);
  throw Error::of("{}: is stripped and its debug file {}{}; {}", main.path().string(),
                  places.sysroot ? "is not in the tree" : "is not installed",
                  id ? fmt::format(" (build-id {})", id->hex()) : "", remedy(main, places));
}

ElfFile open_debug_file(const fs::path& debug) {
  ElfFile elf = ElfFile::open(debug);
  if (!elf.has_dwarf())
    throw Error::of("{}: holds no DWARF; name the debug file, built with -g and not hollowed",
                    debug.string());
  return elf;
}

}  // namespace splitstrip
