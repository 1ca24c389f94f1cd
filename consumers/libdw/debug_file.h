// Where a library's debug file is, found as every program that uses libdwfl finds it.
#pragma once

#include <filesystem>
#include <optional>

namespace splitstrip {

// The file that holds the DWARF of `library`: `library` itself if libdwfl takes what it has for
// DWARF, else what dwfl_standard_find_debuginfo(3) finds below `debug_root` (by build-id, then by
// .gnu_debuglink) or beside the library; nothing if there is none. $DEBUGINFOD_URLS is asked, too,
// where it is set. Throws Error if `library` cannot be read.
std::optional<std::filesystem::path> find_debug_file(const std::filesystem::path& library,
                                                     const std::filesystem::path& debug_root);

// dwz's common file, which `debug` names in .gnu_debugaltlink: at the path recorded there, counted
// from where `debug` really lies, or by its build-id below `debug_root`. Nothing if `debug` names
// none. Throws Error if it names one that is not there.
std::optional<std::filesystem::path> find_alt_file(const std::filesystem::path& debug,
                                                   const std::filesystem::path& debug_root);

}  // namespace splitstrip
