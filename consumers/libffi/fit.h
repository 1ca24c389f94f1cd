// Does a cif fit a function's type?
#pragma once

#include <string>

#include <ffi.h>

#include "typedata/library/typedata.h"

namespace splitstrip::ffi {

// Holds a call against the library's type of the function, as far as a call can tell. Empty: it
// fits; else where they differ, as libtypedata says it. `fixed` is the number of fixed arguments,
// or FFI_TYPESAFE_ALL_FIXED.
std::string misfit(const typedata* library, typedata_type function, const ffi_cif& cif,
                   unsigned fixed);

// The function type that a parameter points to; TYPEDATA_NONE if it points to none, or to one that
// stands for any: void (*)(void), or one without prototype.
typedata_type callback_of(const typedata* library, typedata_type parameter);

// The same for a closure that the library is to call as a function of this type.
std::string callback_misfit(const typedata* library, typedata_type callback,
                            const ffi_cif& closure);

}  // namespace splitstrip::ffi
