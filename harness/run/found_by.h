// The ways in which a consumer comes from a library to its debug file.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace splitstrip {

// "Separate Debug Files" in gdb's manual describes the first four, debuginfod(8) the last.
enum class FoundBy {
  build_id,    // /usr/lib/debug/.build-id/xx/yyyy.debug
  debuglink,   // beside the library, under the name that its .gnu_debuglink holds
  dot_debug,   // that name in .debug/ beside the library
  debug_path,  // that name in /usr/lib/debug/DIRECTORY-OF-THE-LIBRARY/
  debuginfod,  // on no disk that the consumer sees: a server tells it by the build-id
};

inline constexpr std::array all_found_by{FoundBy::build_id, FoundBy::debuglink, FoundBy::dot_debug,
                                         FoundBy::debug_path, FoundBy::debuginfod};

// As on the command line and in results: "build-id", "debuglink", "dot-debug", "debug-path",
// "debuginfod".
std::string_view to_string(FoundBy way);

// The other way round; none if there is no such word.
std::optional<FoundBy> parse_found_by(std::string_view word);

}  // namespace splitstrip
