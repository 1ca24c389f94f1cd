#include "facts/normalise.h"

#include <fmt/format.h>

namespace splitstrip {

std::string replace_path(std::string_view text, std::string_view path,
                         std::string_view replacement) {
  std::string out;
  out.reserve(text.size());
  while (!path.empty()) {
    const auto at = text.find(path);
    if (at == std::string_view::npos) break;
    const auto after = at + path.size();
    const bool whole = after == text.size() || text[after] == '/' ||
                       !(std::isalnum(static_cast<unsigned char>(text[after])) != 0 ||
                         text[after] == '_' || text[after] == '-' || text[after] == '.');
    out += text.substr(0, at);
    out += whole ? replacement : path;
    text.remove_prefix(after);
  }
  out += text;
  return out;
}

std::string hex(std::uint64_t value) {
  return fmt::format("{:#x}", value);
}

}  // namespace splitstrip
