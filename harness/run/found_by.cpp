#include "run/found_by.h"

#include <algorithm>

namespace splitstrip {

std::string_view to_string(FoundBy way) {
  switch (way) {
    case FoundBy::build_id:
      return "build-id";
    case FoundBy::debuglink:
      return "debuglink";
    case FoundBy::dot_debug:
      return "dot-debug";
    case FoundBy::debug_path:
      return "debug-path";
    case FoundBy::debuginfod:
      return "debuginfod";
  }
  return {};
}

std::optional<FoundBy> parse_found_by(std::string_view word) {
  const auto found =
      std::ranges::find_if(all_found_by, [&](FoundBy way) { return to_string(way) == word; });
  return found == all_found_by.end() ? std::nullopt : std::optional(*found);
}

}  // namespace splitstrip
