// Numbers of either byte order in bytes that are to be changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace splitstrip {

// Fills all of `bytes` (at most 8) with the number.
inline void put_number(std::span<std::byte> bytes, std::uint64_t value, bool big_endian) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[big_endian ? bytes.size() - 1 - i : i] =
        static_cast<std::byte>(i < 8 ? value >> (8 * i) & 0xff : 0);
}

inline std::uint64_t get_number(std::span<const std::byte> bytes, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 8; ++i)
    value |= std::to_integer<std::uint64_t>(bytes[big_endian ? bytes.size() - 1 - i : i])
             << (8 * i);
  return value;
}

// Fills all of `bytes` with the number as ULEB128, padded; false if it needs more bytes.
inline bool put_uleb(std::span<std::byte> bytes, std::uint64_t value) {
  if (bytes.empty() || (bytes.size() < 10 && value >> (7 * bytes.size()) != 0)) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool last = i + 1 == bytes.size();
    bytes[i] = static_cast<std::byte>((value & 0x7f) | (last ? 0 : 0x80));
    value >>= 7;
  }
  return true;
}

// How many bytes the LEB128 number at the start of `bytes` takes; 0 if it does not end in them.
inline std::size_t leb_size(std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i)
    if ((bytes[i] & std::byte{0x80}) == std::byte{0}) return i + 1;
  return 0;
}

inline std::uint64_t get_uleb(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 9; ++i) {
    value |= (std::to_integer<std::uint64_t>(bytes[i]) & 0x7f) << (7 * i);
    if ((bytes[i] & std::byte{0x80}) == std::byte{0}) break;
  }
  return value;
}

}  // namespace splitstrip
