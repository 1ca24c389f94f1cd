// Finds what was taken out of a library: its debug file, and the file that dwz made common.
//
// Sources: gdb's manual, "Debugging Information in Separate Files"; dwz(1).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "elf/elf_file.h"
#include "elf/sysroot.h"

namespace splitstrip {

inline constexpr const char* debug_directory = "/usr/lib/debug";

// Where both are looked for, besides where the library lies.
struct DebugPlaces {
  // Each laid out as /usr/lib/debug is, or holding a usr/lib/debug (an unpacked package), or
  // holding the files themselves.
  std::vector<std::filesystem::path> directories{debug_directory};
  // The tree that the library was unpacked to: its /usr/lib/debug is searched, after `directories`,
  // and the links of what lies in it lead to what lies in it.
  std::optional<Sysroot> sysroot;

  // `directories` first; then those of the system, or of the tree in their stead if there is one.
  // Throws Error for what is no directory.
  static DebugPlaces of(const std::vector<std::filesystem::path>& directories,
                        const std::filesystem::path& sysroot);

  // The file that the user means by `path`: if a tree holds it, links count as in that tree.
  std::filesystem::path named(const std::filesystem::path& path) const;
};

// The debug file of a stripped library: by build-id, then by debug link beside the library, in
// .debug/ there, and below each debug directory. Only a file that has the same build-id counts, or
// the right CRC where there is none. Nothing if there is no such file. Throws Error if there is
// one, but of another build.
std::optional<std::filesystem::path> find_debug_file(const ElfFile& main,
                                                     const DebugPlaces& places);

// The file that .gnu_debugaltlink of `elf` names: by its path, relative to the directory in which
// `elf` really lies, then below each debug directory as it is below /usr/lib/debug, by build-id,
// and beside `elf`. Without symbolic links. Throws Error if it is missing or of another build.
std::filesystem::path find_alt_file(const ElfFile& elf, const DebugPlaces& places);

}  // namespace splitstrip
