#include "consumers/libffi/closures.h"

namespace splitstrip::ffi {

void Closures::made(const void* closure, const void* code, const ffi_cif* cif) {
  const std::lock_guard turn(turn_);
  cifs_[code] = cif;
  code_of_[closure] = code;
}

void Closures::freed(const void* closure) {
  const std::lock_guard turn(turn_);
  const auto known = code_of_.find(closure);
  if (known == code_of_.end()) return;
  cifs_.erase(known->second);
  code_of_.erase(known);
}

const ffi_cif* Closures::at(const void* code) const {
  const std::lock_guard turn(turn_);
  const auto known = cifs_.find(code);
  return known != cifs_.end() ? known->second : nullptr;
}

}  // namespace splitstrip::ffi
