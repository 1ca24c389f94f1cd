// Damages an input in the ways that files get damaged and attackers damage them: for tests that a
// reader of binary formats survives.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace splitstrip {

// The same seed gives the same sequence on every machine: only std::mt19937_64's raw output is
// used, as distributions differ between standard libraries.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  // Changes one to eight places of a copy of `good`: a bit, a byte, 2, 4 or 8 bytes to a value that
  // is likely to hit a bound, a copied or zeroed stretch; now and then cuts the end off. Half of
  // the changes go to the first `hot` bytes (a header, say), if that is not 0.
  std::vector<std::byte> operator()(const std::vector<std::byte>& good, std::size_t hot = 0) {
    std::vector<std::byte> bytes = good;
    for (std::uint64_t changes = 1 + below(8); changes > 0 && !bytes.empty(); --changes)
      change(bytes, hot);
    return bytes;
  }

  // Evenly enough spread over [0, bound); bound is not 0.
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

 private:
  void change(std::vector<std::byte>& bytes, std::size_t hot) {
    const std::size_t range = hot != 0 && hot < bytes.size() && below(2) == 0 ? hot : bytes.size();
    const std::size_t at = below(range);
    switch (below(8)) {
      case 0:
        bytes[at] ^= static_cast<std::byte>(1u << below(8));
        break;
      case 1:
        bytes[at] = static_cast<std::byte>(below(256));
        break;
      case 2:
      case 3:
      case 4:
        store(bytes, at, std::size_t{2} << below(3), interesting());
        break;
      case 5: {  // a stretch from elsewhere
        const std::size_t from = below(bytes.size());
        const std::size_t size = std::min({1 + below(64), bytes.size() - at, bytes.size() - from});
        std::copy_n(std::vector<std::byte>(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                                           bytes.begin() + static_cast<std::ptrdiff_t>(from + size))
                        .begin(),
                    size, bytes.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      }
      case 6: {
        const std::size_t size = std::min<std::size_t>(1 + below(64), bytes.size() - at);
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, std::byte{0});
        break;
      }
      default:
        if (below(4) == 0) bytes.resize(below(bytes.size()) + 1);
        break;
    }
  }

  std::uint64_t interesting() {
    constexpr std::array<std::uint64_t, 12> values{
        0,      1,          0x7f,       0x80,       0xff,       0x7fff,
        0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 0xffffffffffffffff};
    return below(2) == 0 ? values[below(values.size())] : below(1024);
  }

  static void store(std::vector<std::byte>& bytes, std::size_t at, std::size_t size,
                    std::uint64_t value) {
    for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i)
      bytes[at + i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
  }

  std::mt19937_64 random_;
};

}  // namespace splitstrip
