// Which function pointers are closures of libffi, and how they take their arguments.
#pragma once

#include <mutex>
#include <unordered_map>

#include <ffi.h>

namespace splitstrip::ffi {

// Told of every closure that is prepared or freed.
class Closures {
 public:
  // libffi calls through `cif` when `code` is called, and needs it as long as the closure is there.
  void made(const void* closure, const void* code, const ffi_cif* cif);
  void freed(const void* closure);

  // Null if no closure begins there.
  const ffi_cif* at(const void* code) const;

  void before_fork() { turn_.lock(); }
  void after_fork() { turn_.unlock(); }

 private:
  mutable std::mutex turn_;
  std::unordered_map<const void*, const ffi_cif*> cifs_;  // by code
  std::unordered_map<const void*, const void*> code_of_;  // by closure
};

}  // namespace splitstrip::ffi
