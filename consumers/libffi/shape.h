// What of a cif decides whether it fits a function, as one number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <ffi.h>

namespace splitstrip::ffi {

// Mixes one more value into a fingerprint.
constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t value) {
  state = (state ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  return state ^ (state >> 32);
}

// Of a structure by value, with its elements. Ends for every tree of types: deeper than 16 is not
// looked at.
std::uint64_t shape_of_structure(const ffi_type& type);

// Odd factors without relation to each other, one for each place: what stands in two places weighs
// differently, and processors multiply them all at once.
inline constexpr std::size_t factor_count = 16;
inline constexpr std::array<std::uint64_t, factor_count> factors = [] {
  std::array<std::uint64_t, factor_count> made{};
  std::uint64_t seed = 0;
  for (std::uint64_t& factor : made) {  // splitmix64
    seed += UINT64_C(0x9e3779b97f4a7c15);
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    factor = (z ^ (z >> 31)) | 1;
  }
  return made;
}();

inline std::uint64_t shape_of_type(const ffi_type& type) {
  if (type.type == FFI_TYPE_STRUCT) return shape_of_structure(type);
  // Elements of all others tell nothing that the size does not.
  return static_cast<std::uint64_t>(type.size) << 32 |
         static_cast<std::uint64_t>(type.alignment) << 16 | type.type;
}

// Alike for cifs that libffi would call with alike, wherever they and their types lie; another one
// for all others, but for one chance in 2^60. `fixed` is the number of fixed arguments, or
// FFI_TYPESAFE_ALL_FIXED. On the way of every call.
inline std::uint64_t shape_of(const ffi_cif& cif, unsigned fixed) {
  std::uint64_t state = (static_cast<std::uint64_t>(cif.abi) << 32 | cif.nargs) * factors[0] +
                        fixed * factors[1] + shape_of_type(*cif.rtype) * factors[2];
  constexpr std::size_t first = 3;
  std::size_t place = first;
  for (unsigned i = 0; i < cif.nargs; ++i) {
    state += shape_of_type(*cif.arg_types[i]) * factors[place];
    if (++place < factor_count) continue;
    place = first;
    state = mix(state, 0);  // so that the next ones weigh differently again
  }
  return mix(state, 0);
}

}  // namespace splitstrip::ffi
