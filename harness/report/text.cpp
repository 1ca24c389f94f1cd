#include "report/text.h"

#include <algorithm>
#include <cmath>
#include <cwchar>
#include <optional>

#include <fmt/format.h>

namespace splitstrip {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;
};

// The UTF-8 character that `text` begins with; nullopt if it begins with none (overlong forms,
// surrogates and what lies beyond Unicode included).
std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return Character{lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return std::nullopt;
  char32_t code = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return std::nullopt;
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[bytes] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    return std::nullopt;
  return Character{code, bytes};
}

// Control characters, and those that reorder or hide the text around them.
bool is_unsafe(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
         code == 0xfeff || code >= 0xfffe;
}

std::size_t columns_of(char32_t code) {
  const int width = wcwidth(static_cast<wchar_t>(code));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

// Where the last character that still fits into `width` columns ends.
std::size_t fitting_bytes(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  std::size_t used = 0;
  while (at < text.size()) {
    const auto character = first_character(text.substr(at)).value_or(Character{U'?', 1});
    used += columns_of(character.code);
    if (used > width) break;
    at += character.bytes;
  }
  return at;
}

}  // namespace

std::string printable(std::string_view text, bool ascii) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto character = first_character(text);
    if (!character) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (character->code == U'\n') {
      out += "\\n";
    } else if (character->code == U'\t') {
      out += "\\t";
    } else if (character->code == U'\r') {
      out += "\\r";
    } else if (character->code < 0x80 && is_unsafe(character->code)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(character->code));
    } else if (is_unsafe(character->code) || (ascii && character->code >= 0x80)) {
      out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(character->code));
    } else {
      out += text.substr(0, character->bytes);
    }
    text.remove_prefix(character ? character->bytes : 1);
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t used = 0;
  while (!text.empty()) {
    const auto character = first_character(text).value_or(Character{U'?', 1});
    used += columns_of(character.code);
    text.remove_prefix(character.bytes);
  }
  return used;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  width = std::max<std::size_t>(width, 8);
  std::vector<std::string> lines;
  while (true) {
    std::size_t end = fitting_bytes(text, width);
    if (end == text.size()) {
      lines.emplace_back(text);
      return lines;
    }
    const auto space = text.rfind(' ', end);
    // A line that would be less than half full is cut in the middle of the word instead.
    if (space != std::string_view::npos && space * 2 > end) {
      lines.emplace_back(text.substr(0, space));
      text.remove_prefix(space + 1);
    } else {
      end = std::max<std::size_t>(end, 1);
      lines.emplace_back(text.substr(0, end));
      text.remove_prefix(end);
    }
  }
}

std::string shorten(std::string_view text, std::size_t width, bool ascii) {
  if (columns(text) <= width) return std::string(text);
  const std::string_view dots = ascii ? "..." : "…";
  const std::size_t room = width > columns(dots) ? width - columns(dots) : 0;
  return std::string(text.substr(0, fitting_bytes(text, room))) + std::string(dots);
}

std::string grouped(std::uint64_t number) {
  auto digits = fmt::format("{}", number);
  for (std::size_t from_end = 3; from_end < digits.size(); from_end += 4)
    digits.insert(digits.size() - from_end, 1, ',');
  return digits;
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "?";
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string file_size(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto size = static_cast<double>(bytes) / 1024;
  for (const char unit : {'K', 'M', 'G'}) {
    if (size < 1024 || unit == 'G') return fmt::format("{:.1f} {}", size, unit);
    size /= 1024;
  }
  return {};
}

std::string plural(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string command_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const auto& word : argv) {
    if (!line.empty()) line += ' ';
    const bool plain = !word.empty() && std::ranges::all_of(word, [](unsigned char letter) {
      return (std::isalnum(letter) != 0 && letter < 0x80) ||
             std::string_view("-_./=:,@%+").find(static_cast<char>(letter)) !=
                 std::string_view::npos;
    });
    if (plain) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char letter : word) {
      if (letter == '\'')
        line += "'\\''";
      else
        line += letter;
    }
    line += '\'';
  }
  return line;
}

}  // namespace splitstrip
