// Bytes of a little-endian file, number by number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace splitstrip::synth {

class LittleEndian {
 public:
  LittleEndian& u16(std::uint64_t value) { return number(value, 2); }
  LittleEndian& u32(std::uint64_t value) { return number(value, 4); }
  LittleEndian& u64(std::uint64_t value) { return number(value, 8); }
  LittleEndian& text(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  LittleEndian& zeros(std::size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }
  // Zeros up to a multiple of `alignment`, a power of two.
  LittleEndian& align(std::size_t alignment) { return zeros(-bytes_.size() & (alignment - 1)); }
  // Zeros up to `size`, which it does not exceed.
  LittleEndian& up_to(std::size_t size) { return zeros(size - bytes_.size()); }

  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  LittleEndian& number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }

  std::string bytes_;
};

// Stores 8 bytes at `offset` of `bytes`, which must have them.
inline void store_u64(std::string& bytes, std::size_t offset, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i)
    bytes[offset + i] = static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace splitstrip::synth
