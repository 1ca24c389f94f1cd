#include "consumers/systemtap/bit_fields.h"

namespace splitstrip {
namespace {

// The position after the parenthesis that closes the one before `at`; npos if there is none.
std::size_t after_closing(std::string_view text, std::size_t at) {
  for (unsigned depth = 1; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at + 1;
  }
  return std::string_view::npos;
}

// Whether what ends at `at` is, after more closing parentheses, shifted or masked.
bool taken_apart(std::string_view text, std::size_t at) {
  const auto next = text.find_first_not_of(')', at);
  if (next == std::string_view::npos) return false;
  const auto rest = text.substr(next);
  return rest.starts_with(" >> (") || rest.starts_with(" << (") || rest.starts_with(" & (");
}

}  // namespace

std::string without_bit_field_addresses(std::string_view text) {
  constexpr std::string_view call = "uderef(";
  std::string out;
  out.reserve(text.size());
  while (true) {
    const auto found = text.find(call);
    if (found == std::string_view::npos) break;
    const auto arguments = found + call.size();
    const auto end = after_closing(text, arguments);
    const auto comma = text.find(", ", arguments);
    if (end != std::string_view::npos && comma < end && taken_apart(text, end)) {
      out += text.substr(0, comma);
      out += ", ?)";
      text.remove_prefix(end);
    } else {
      out += text.substr(0, arguments);  // its address may hold another
      text.remove_prefix(arguments);
    }
  }
  out += text;
  return out;
}

}  // namespace splitstrip
