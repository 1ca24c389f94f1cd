#include "consumers/libffi/quirks.h"

#include <string_view>

#include <dlfcn.h>

namespace splitstrip::ffi {

bool is_pypy() {
  return dlsym(RTLD_DEFAULT, "pypy_main_startup") != nullptr;
}

bool is_python() {
  static const bool python = is_pypy() || dlsym(RTLD_DEFAULT, "Py_IsInitialized") != nullptr;
  return python;
}

bool is_gobject(const void* address) {
  Dl_info info;
  if (address == nullptr || dladdr(address, &info) == 0 || info.dli_fname == nullptr) return false;
  const std::string_view path = info.dli_fname;
  return path.substr(path.rfind('/') + 1).starts_with("libgobject-2.0.so");
}

}  // namespace splitstrip::ffi
