// Which cifs were prepared for variadic calls: libffi does not say it in the cif.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include <ffi.h>

#include "consumers/libffi/ffi_typesafe.h"

namespace splitstrip::ffi {

// Told of every cif that is prepared, asked before every call. Neither locks nor allocates.
class PreparedCifs {
 public:
  // ffi_prep_cif_var() was told `fixed`.
  void variadic(const ffi_cif* cif, unsigned fixed);

  // ffi_prep_cif() prepared it: what was there before is no more.
  void ordinary(const ffi_cif* cif);

  // The number of fixed arguments, FFI_TYPESAFE_ALL_FIXED, or, once there were more variadic cifs
  // than there is room for, `forgotten` for those that may have been.
  unsigned fixed(const ffi_cif* cif) const {
    return any_.load(std::memory_order_relaxed) ? look(cif) : FFI_TYPESAFE_ALL_FIXED;
  }
  static constexpr unsigned forgotten = ~2U;

 private:
  // An entry is the cif's address and the number of fixed arguments, in one word.
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t places = 256;
  static constexpr unsigned count_bits = 16;
  unsigned look(const ffi_cif* cif) const;
  static std::uint64_t key(const ffi_cif* cif);
  static std::size_t place(std::uint64_t key);

  alignas(64) std::array<std::atomic<std::uint64_t>, places * ways> table_{};
  std::array<std::atomic<bool>, places> full_{};
  std::atomic<bool> any_ = false;  // variadic one was ever prepared: many programs have none
};

}  // namespace splitstrip::ffi
