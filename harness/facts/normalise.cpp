#include "facts/normalise.h"

#include <fmt/format.h>

namespace splitstrip {
namespace {

// Whether `c` can go on a file's name: then what stands before it is not the whole name.
bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '+';
}

}  // namespace

std::string replace_path(std::string_view text, std::string_view path,
                         std::string_view replacement) {
  std::string out;
  out.reserve(text.size());
  while (!path.empty()) {
    const auto at = text.find(path);
    if (at == std::string_view::npos) break;
    const auto after = at + path.size();
    const bool whole = after == text.size() || !in_name(text[after]);
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
