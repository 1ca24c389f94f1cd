// A cif as a declaration of libtypedata, to be printed and compared.
#pragma once

#include <memory>
#include <string>

#include <ffi.h>

#include "typedata/library/typedata.h"

namespace splitstrip::ffi {

struct CloseTypedata {
  void operator()(typedata* types) const { typedata_close(types); }
};
using Typedata = std::unique_ptr<typedata, CloseTypedata>;

// A type in `types` that says what libffi knows of `type`. The members of a structure are said only
// where its elements lie as libffi lays them out; else its size alone (ctypes lists a pointer for
// an array, and bit-fields one by one). TYPEDATA_NONE: out of memory, or no type.
typedata_type declare(typedata* types, const ffi_type& type);

// Do the elements of a structure lie as libffi lays them out, so that they tell its layout? Not if
// there is a pointer in one of more than 16 bytes: from ctypes that may be an array.
bool tells_layout(const ffi_type& type);

// The cif as C, for a message: "int f(char *, ...)" with the types that libffi knows.
std::string as_c(const ffi_cif& cif, unsigned fixed, const char* name);

}  // namespace splitstrip::ffi
