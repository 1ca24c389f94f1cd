#include "consumers/libffi/prepared_cifs.h"

#include "consumers/libffi/shape.h"

namespace splitstrip::ffi {

// A cif lies at a multiple of 8, and user space ends at 2^56 at the latest but for machines whose
// pointers carry tags: those bits go.
std::uint64_t PreparedCifs::key(const ffi_cif* cif) {
  return (reinterpret_cast<std::uintptr_t>(cif) >> 3) << count_bits;
}

std::size_t PreparedCifs::place(std::uint64_t key) {
  return mix(0, key) % places;
}

void PreparedCifs::variadic(const ffi_cif* cif, unsigned fixed) {
  const std::uint64_t its = key(cif);
  const std::size_t at = place(its);
  // 0 is an empty entry.
  const std::uint64_t entry = its | (fixed < 0xfffe ? fixed + 1 : 0xffff);
  ordinary(cif);
  any_ = true;
  for (std::size_t i = 0; i < ways; ++i) {
    std::uint64_t empty = 0;
    if (table_[at * ways + i].compare_exchange_strong(empty, entry)) return;
  }
  full_[at] = true;
}

void PreparedCifs::ordinary(const ffi_cif* cif) {
  if (!any_.load(std::memory_order_relaxed)) return;
  const std::uint64_t its = key(cif);
  for (std::size_t i = 0; i < ways; ++i) {
    std::atomic<std::uint64_t>& entry = table_[place(its) * ways + i];
    const std::uint64_t held = entry.load(std::memory_order_relaxed);
    if (held != 0 && (held ^ its) >> count_bits == 0) entry.store(0);
  }
}

unsigned PreparedCifs::look(const ffi_cif* cif) const {
  const std::uint64_t its = key(cif);
  const std::size_t at = place(its);
  for (std::size_t i = 0; i < ways; ++i) {
    const std::uint64_t held = table_[at * ways + i].load(std::memory_order_relaxed);
    if (held != 0 && (held ^ its) >> count_bits == 0)
      return static_cast<unsigned>((held & 0xffff) - 1);
  }
  return full_[at].load(std::memory_order_relaxed) ? forgotten : FFI_TYPESAFE_ALL_FIXED;
}

}  // namespace splitstrip::ffi
