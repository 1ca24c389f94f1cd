// What was found out about calls, for the next call of the same shape. Neither locks nor allocates.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace splitstrip::ffi {

enum class Known : std::uint64_t {
  fits = 1,       // nothing is held against the call
  callbacks = 2,  // the same, but it takes functions that may be closures of libffi
  unknown = 3,    // nothing is known of the function
  mismatch = 4
};

// A table of one word an entry: the key without its lowest bits, which hold the answer. Two keys
// that are alike in 61 bits would be taken for each other. What finds no room displaces another.
class Verdicts {
 public:
  std::optional<Known> look(std::uint64_t key) const {
    const std::size_t first = place(key);
    for (std::size_t i = 0; i < ways; ++i) {
      const std::uint64_t entry = table_[first + i].load(std::memory_order_relaxed);
      if (((entry ^ key) & ~answer_bits) == 0 && (entry & answer_bits) != 0)
        return static_cast<Known>(entry & answer_bits);
    }
    return std::nullopt;
  }

  void keep(std::uint64_t key, Known answer) {
    const std::size_t first = place(key);
    std::size_t at = first + (key >> 3) % ways;
    for (std::size_t i = 0; i < ways; ++i)
      if (table_[first + i].load(std::memory_order_relaxed) == 0) {
        at = first + i;
        break;
      }
    table_[at].store((key & ~answer_bits) | static_cast<std::uint64_t>(answer),
                     std::memory_order_relaxed);
  }

 private:
  static constexpr std::size_t ways = 4;
  static constexpr std::size_t places = 2048;
  static constexpr std::uint64_t answer_bits = 7;
  static std::size_t place(std::uint64_t key) { return (key >> 53) % places * ways; }

  alignas(64) std::array<std::atomic<std::uint64_t>, places * ways> table_{};
};

}  // namespace splitstrip::ffi
