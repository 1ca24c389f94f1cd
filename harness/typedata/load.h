// Reads the DWARF of a typedata object into an Interface.
//
// The input may come from anywhere. Whatever it says, loading ends, within the limits below, and
// what it returns is safe to walk: every reference is to a type, and no type contains itself.
#pragma once

#include <cstddef>

#include "dwarf/debug_info.h"
#include "typedata/interface.h"

namespace splitstrip {

struct LoadLimits {
  std::size_t entries = 4'000'000;      // DIEs
  std::size_t depth = 100;              // of DIEs within DIEs, and of types containing types
  std::size_t name_length = 64 * 1024;  // in bytes; C++ templates get long
};

// Takes every type of every unit, and the functions and objects that are not local to one. The
// result refers to `info`'s bytes. Throws Error, naming info.name(), if the DWARF is damaged,
// contradicts itself or goes beyond the limits.
Interface load_interface(const DebugInfo& info, const LoadLimits& limits = {});

}  // namespace splitstrip
