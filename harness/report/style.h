// How to print for the reader at hand: colours, characters, width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/outcome.h"

namespace splitstrip {

enum class Colour { none, green, red, yellow, magenta, cyan, bold, dim };

struct TerminalStyle {
  bool terminal = false;  // somebody looks at it as it comes
  bool colour = false;
  bool utf8 = false;      // otherwise ASCII alone
  std::size_t width = 0;  // in columns; 0: as wide as it gets, nothing is wrapped or cut
};

// For what is open at file descriptor `fd`: colour only on a terminal, not with NO_COLOR
// (no-color.org) and not on a dumb one; width from the terminal; characters as the environment's
// locale has them (LC_ALL, LC_CTYPE, LANG).
TerminalStyle detect_style(int fd);

// `text` between the escape sequences for `colour`, or as it is if the style has no colour.
std::string paint(std::string_view text, Colour colour, const TerminalStyle& style);

Colour colour_of(Outcome outcome);

}  // namespace splitstrip
