#include "report/differing.h"

#include <algorithm>

namespace splitstrip {
namespace {

bool inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80;
}

std::string cut(std::string_view text, std::size_t same_before, std::size_t same_after,
                std::size_t longest, std::size_t context, std::string_view dots) {
  if (text.size() <= longest) return std::string(text);
  std::size_t begin = same_before > context ? same_before - context : 0;
  while (begin > 0 && inside_character(text, begin)) --begin;
  std::size_t end = text.size() - (same_after > context ? same_after - context : 0);
  end = std::min(end, begin + longest);
  while (inside_character(text, end)) ++end;
  std::string out;
  if (begin > 0) out += dots;
  out += text.substr(begin, end - begin);
  if (end < text.size()) out += dots;
  return out;
}

}  // namespace

std::pair<std::string, std::string> differing_parts(std::string_view left, std::string_view right,
                                                    std::size_t longest, std::size_t context,
                                                    bool ascii) {
  const std::size_t shorter = std::min(left.size(), right.size());
  std::size_t before = 0;
  while (before < shorter && left[before] == right[before]) ++before;
  std::size_t after = 0;
  while (after < shorter - before &&
         left[left.size() - 1 - after] == right[right.size() - 1 - after])
    ++after;
  const std::string_view dots = ascii ? "..." : "…";
  return {cut(left, before, after, longest, context, dots),
          cut(right, before, after, longest, context, dots)};
}

}  // namespace splitstrip
