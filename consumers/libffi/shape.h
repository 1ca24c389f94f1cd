// What of a cif decides whether it fits a function, as one number.
#pragma once

#include <cstdint>

#include <ffi.h>

namespace splitstrip::ffi {

// Alike for cifs that libffi would call with alike, wherever they and their types lie; another one
// for all others, but for one chance in 2^60. `fixed` is the number of fixed arguments, or
// FFI_TYPESAFE_ALL_FIXED. Ends for every tree of types: deeper than 16 is not looked at.
std::uint64_t shape_of(const ffi_cif& cif, unsigned fixed);

// Mixes one more value into a fingerprint.
constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t value) {
  state = (state ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  return state ^ (state >> 32);
}

}  // namespace splitstrip::ffi
