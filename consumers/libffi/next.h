// The function of another library that one of this library stands in for.
#pragma once

#include <cstdlib>
#include <string>

#include <dlfcn.h>

#include "consumers/libffi/say.h"

namespace splitstrip::ffi {

// The next one of that name after this library's; of that version, if there is one. Without one the
// program could not have been linked: then it ends, with a message.
template <typename Function>
Function next_function(const char* name, const char* version) {
  void* found = version != nullptr ? dlvsym(RTLD_NEXT, name, version) : nullptr;
  if (found == nullptr) found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    say(std::string("there is no ") + name + "() behind this library; load libffi.so.8 after it");
    std::abort();
  }
  return reinterpret_cast<Function>(found);
}

}  // namespace splitstrip::ffi
