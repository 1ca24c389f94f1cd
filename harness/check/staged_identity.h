// What a stage has to know of a pair's identity, and how it gives the pair another one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace splitstrip {

// Writes `build_id`, lower-case hex of the length that the files have, into the ELFs `main` and, if
// there, `debug`, and the CRC that `debug` has then into the debug link of `main`: valgrind goes by
// that, even where the build-ids agree. Both files are replaced. The form that
// StageContent::set_build_id wants. Throws Error.
void give_build_id(const std::filesystem::path& main,
                   const std::optional<std::filesystem::path>& debug, const std::string& build_id);

// The name in .gnu_debuglink of the ELF at `main`; empty if it has none. Throws Error if it is no
// ELF.
std::string debug_link_name(const std::filesystem::path& main);

// The build-id of the ELF at `file`, lower-case hex; empty if it has none. Throws Error if it is no
// ELF.
std::string build_id_of(const std::filesystem::path& file);

}  // namespace splitstrip
