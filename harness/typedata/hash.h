// The hash by which types are compared: 64 bits, folded multiplication, the same on every machine.
//
// Two different types collide with a probability of about 2^-64 a pair. It is no defence against
// somebody who builds collisions on purpose; such a one damages the types of his own library only.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace splitstrip {

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ 0x9e3779b97f4a7c15U) * (b ^ 0xd1b54a32d192ed03U);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = seed ^ (text.size() * 0xa0761d6478bd642fU);
  auto word = [](const char* from, std::size_t count) {
    std::uint64_t value = 0;
    std::memcpy(&value, from, count);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(value) : value;
  };
  while (text.size() >= 8) {
    hash = mix(hash, word(text.data(), 8));
    text.remove_prefix(8);
  }
  return mix(hash, text.empty() ? 0 : word(text.data(), text.size()));
}

}  // namespace splitstrip
