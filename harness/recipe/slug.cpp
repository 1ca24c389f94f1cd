#include "recipe/slug.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace splitstrip {
namespace {

constexpr std::size_t hash_digits = 10;

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// 64-bit FNV-1a: the same on every machine, unlike std::hash.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

std::string recipe_slug(std::string_view name) {
  const auto odd = std::ranges::find_if_not(name, plain);
  if (odd == name.end() && !name.empty() && name.front() != '-' && name.size() <= longest_slug)
    return std::string(name);
  std::string_view beginning = name.substr(0, static_cast<std::size_t>(odd - name.begin()));
  if (beginning.empty() || beginning.starts_with('-')) beginning = "recipe";
  return fmt::format("{}-{:0{}x}", beginning.substr(0, longest_slug - hash_digits - 1),
                     hash_of(name) & ((std::uint64_t{1} << (4 * hash_digits)) - 1), hash_digits);
}

}  // namespace splitstrip
