// Reads numbers and strings out of bytes of either byte order, and never past their end.
//
//   Bytes in(section, /*big_endian=*/false);
//   in.seek(offset);
//   auto length = in.u32();
//   if (!in.ok()) ...                     // something above ran out of bytes
//
// Nothing throws: this is the innermost loop over hostile input. A read that does not fit yields 0,
// puts the cursor at the end and makes ok() false for good.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace splitstrip {

using ByteSpan = std::span<const std::byte>;

class Bytes {
 public:
  Bytes() = default;
  Bytes(ByteSpan bytes, bool big_endian)
      : begin_(reinterpret_cast<const std::uint8_t*>(bytes.data())),
        cursor_(begin_),
        end_(begin_ + bytes.size()),
        big_(big_endian) {}

  bool ok() const { return ok_; }
  bool at_end() const { return cursor_ == end_; }
  bool big_endian() const { return big_; }
  std::uint64_t offset() const { return static_cast<std::uint64_t>(cursor_ - begin_); }
  std::uint64_t left() const { return static_cast<std::uint64_t>(end_ - cursor_); }

  void seek(std::uint64_t offset) {
    if (offset > static_cast<std::uint64_t>(end_ - begin_)) {
      fail();
    } else {
      cursor_ = begin_ + offset;
    }
  }
  void skip(std::uint64_t count) {
    if (count > left()) {
      fail();
    } else {
      cursor_ += count;
    }
  }
  void fail() {
    ok_ = false;
    cursor_ = end_;
  }

  std::uint8_t u8() {
    if (cursor_ == end_) {
      fail();
      return 0;
    }
    return *cursor_++;
  }
  std::uint16_t u16() { return number<std::uint16_t>(); }
  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::uint64_t u64() { return number<std::uint64_t>(); }
  std::uint32_t u24() {
    const std::uint32_t a = u8(), b = u8(), c = u8();
    return big_ ? a << 16 | b << 8 | c : c << 16 | b << 8 | a;
  }
  // An unsigned number of 1, 2, 3, 4 or 8 bytes; any other size fails.
  std::uint64_t sized(unsigned size) {
    switch (size) {
      case 1:
        return u8();
      case 2:
        return u16();
      case 3:
        return u24();
      case 4:
        return u32();
      case 8:
        return u64();
      default:
        fail();
        return 0;
    }
  }

  std::uint64_t uleb() {
    if (cursor_ != end_ && *cursor_ < 0x80) return *cursor_++;
    std::uint64_t value = 0;
    for (unsigned shift = 0; cursor_ != end_; shift += 7) {
      const std::uint8_t byte = *cursor_++;
      if (shift < 64) value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  std::int64_t sleb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; cursor_ != end_;) {
      const std::uint8_t byte = *cursor_++;
      if (shift < 64) value |= std::uint64_t{byte & 0x7fU} << shift;
      shift += 7;
      if (byte < 0x80) {
        if (shift < 64 && (byte & 0x40) != 0) value |= ~std::uint64_t{0} << shift;
        return static_cast<std::int64_t>(value);
      }
    }
    fail();
    return 0;
  }

  // Up to the next zero byte, which is skipped; fails if there is none.
  std::string_view string() {
    const void* zero = cursor_ == end_ ? nullptr : std::memchr(cursor_, 0, left());
    if (zero == nullptr) {
      fail();
      return {};
    }
    const std::uint8_t* start = cursor_;
    cursor_ = static_cast<const std::uint8_t*>(zero) + 1;
    return {reinterpret_cast<const char*>(start), static_cast<std::size_t>(cursor_ - start - 1)};
  }
  ByteSpan block(std::uint64_t size) {
    if (size > left()) {
      fail();
      return {};
    }
    const std::uint8_t* start = cursor_;
    cursor_ += size;
    return {reinterpret_cast<const std::byte*>(start), static_cast<std::size_t>(size)};
  }

 private:
  template <typename T>
  static T swapped(T value) {
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  }
  template <typename T>
  T number() {
    if (left() < sizeof(T)) {
      fail();
      return 0;
    }
    T value;
    std::memcpy(&value, cursor_, sizeof(T));
    cursor_ += sizeof(T);
    return big_ == host_is_big() ? value : swapped(value);
  }
  static constexpr bool host_is_big() { return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__; }

  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* cursor_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  bool big_ = false;
  bool ok_ = true;
};

}  // namespace splitstrip
