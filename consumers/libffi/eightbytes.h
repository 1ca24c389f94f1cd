// In which registers a record travels on x86-64, whatever its members are.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <ffi.h>

#include "typedata/library/typedata.h"

namespace splitstrip::ffi {

struct Substitute {
  std::vector<ffi_type*> elements;  // libffi's own types
  std::size_t alignment = 1;        // of the record, in bytes
};

// Elements that libffi passes and returns as the record: in the same registers, or in memory. For
// unions, bit-fields and layouts that elements in a row do not give. Nothing on other machines, for
// what travels in memory only because members lie unaligned, for vectors and x87 numbers among
// others, and for what libffi knows not at all.
//
// Source: System V ABI, AMD64 supplement, 3.2.3 (classification), and how libffi 3.4 applies it.
std::optional<Substitute> substitute(const typedata* library, typedata_type record);

}  // namespace splitstrip::ffi
