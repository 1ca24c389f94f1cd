// The libraries of this process whose functions were called, each opened once.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "consumers/libffi/declared.h"

namespace splitstrip::ffi {

// How often a library was loaded and unloaded in this process: what was found out about an address
// holds as long as `unloaded` stays.
struct Loads {
  std::uint64_t loaded = 0;
  std::uint64_t unloaded = 0;
};
Loads loads_so_far();

struct FoundFunction {
  const typedata* types = nullptr;  // of the library; null: nothing is known of the function
  typedata_type type = TYPEDATA_NONE;
  const char* symbol = "";
  bool in_a_library = false;  // at that address is a library at all
};

// For one thread at a time.
class Libraries {
 public:
  explicit Libraries(bool or_debuginfo) : or_debuginfo_(or_debuginfo) {}

  // The exported function that begins at this address. What it points to lives until the next call.
  // A library that cannot be read is told of once, on standard error.
  FoundFunction find(const void* address);

  // Drops those that are no longer loaded where they were.
  void revalidate();

 private:
  struct Library {
    Typedata types;        // null: carries none
    std::string identity;  // build-id and place of what was opened; empty: cannot be told again
    const void* address;   // one within it
  };
  Library& library_at(std::uintptr_t module, const void* address);

  bool or_debuginfo_;
  std::map<std::uintptr_t, Library> libraries_;
};

}  // namespace splitstrip::ffi
