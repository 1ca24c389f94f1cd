#include "report/style.h"

#include <cstdlib>

#include <fmt/format.h>
#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace splitstrip {
namespace {

bool environment_is_utf8() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", static_cast<locale_t>(nullptr));
  if (locale == static_cast<locale_t>(nullptr)) return false;
  const bool utf8 = std::string_view(nl_langinfo_l(CODESET, locale)) == "UTF-8";
  freelocale(locale);
  return utf8;
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

TerminalStyle detect_style(int fd) {
  TerminalStyle style;
  style.utf8 = environment_is_utf8();
  if (isatty(fd) == 0) return style;
  style.terminal = true;
  style.colour = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0) style.width = size.ws_col;
  return style;
}

std::string paint(std::string_view text, Colour colour, const TerminalStyle& style) {
  const char* code = nullptr;
  switch (colour) {
    case Colour::none:
      break;
    case Colour::green:
      code = "32";
      break;
    case Colour::red:
      code = "1;31";
      break;
    case Colour::yellow:
      code = "33";
      break;
    case Colour::magenta:
      code = "35";
      break;
    case Colour::cyan:
      code = "36";
      break;
    case Colour::bold:
      code = "1";
      break;
    case Colour::dim:
      code = "2";
      break;
  }
  if (!style.colour || code == nullptr || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

Colour colour_of(Outcome outcome) {
  switch (standing(outcome)) {
    case Standing::passed:
      return outcome == Outcome::gained ? Colour::cyan : Colour::green;
    case Standing::regressed:
      return Colour::red;
    case Standing::unproven:
      return Colour::yellow;
    case Standing::failed:
      break;
  }
  return Colour::magenta;
}

}  // namespace splitstrip
