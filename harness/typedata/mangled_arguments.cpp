#include "typedata/mangled_arguments.h"

#include <cstdlib>
#include <memory>
#include <string>

#include <cxxabi.h>

namespace splitstrip {
namespace {

// What stands in the last pair of parentheses that nothing but qualifiers follows.
std::optional<std::string_view> argument_list(std::string_view text) {
  for (const std::string_view suffix :
       {" &&", " &", " const", " volatile", " &&", " &", " const", " volatile"}) {
    if (text.ends_with(suffix)) text.remove_suffix(suffix.size());
  }
  if (!text.ends_with(')')) return std::nullopt;
  int depth = 0;
  for (std::size_t at = text.size(); at-- > 0;) {
    if (text[at] == ')') ++depth;
    if (text[at] == '(' && --depth == 0) return text.substr(at + 1, text.size() - at - 2);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> mangled_arguments(std::string_view symbol) {
  if (!symbol.starts_with("_Z")) return std::nullopt;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> held(
      abi::__cxa_demangle(std::string(symbol).c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0 || !held) return std::nullopt;
  const auto list = argument_list(held.get());
  // An operator's name, or an expression, makes brackets that do not pair.
  if (!list || list->find("operator") != std::string_view::npos ||
      list->find("->") != std::string_view::npos) {
    return std::nullopt;
  }
  if (list->empty()) return 0;
  std::size_t arguments = 1;
  int depth = 0;
  for (std::size_t at = 0; at < list->size(); ++at) {
    const char letter = (*list)[at];
    if (letter == '(' || letter == '<' || letter == '[' || letter == '{') ++depth;
    if (letter == ')' || letter == '>' || letter == ']' || letter == '}') --depth;
    if (depth < 0) return std::nullopt;
    if (letter == ',' && depth == 0) ++arguments;
  }
  if (depth != 0) return std::nullopt;
  if (list->ends_with("...")) --arguments;
  return arguments;
}

}  // namespace splitstrip
