// What libffi and the ABI make right although the types differ.
#pragma once

#include <ffi.h>

#include "typedata/library/typedata.h"

namespace splitstrip::ffi {

// Is an argument of this type right for a parameter although it is of another type?
//
// - Integers of up to int's size for each other, bool and enumerations included: C promotes them,
//   and libffi extends each to a whole register or slot.
// - An integer of a pointer's size for a pointer, and the reverse: the same register.
// - A pointer for a union of pointers (glibc's transparent __SOCKADDR_ARG). For a C++ object that
// is
//   passed by invisible reference the comparison itself takes one.
bool argument_allowed(const typedata* library, typedata_type parameter, const ffi_type& argument);

// Is a call that expects this result right for a function that returns another?
//
// - A function that returns nothing leaves a register as it is: ctypes expects int of all that is
//   not declared, and who reads it gets a number without meaning, but no crash.
// - A result in a register may be ignored. One in memory may not: the caller brings the memory. Nor
// one
//   on x87's stack, which would fill up.
// - An integer of a pointer's size for a pointer, and the reverse.
bool result_allowed(const typedata* library, typedata_type returned, const ffi_type& expected);

// Is what a callback returns right for a library that expects another type?
//
// What the library ignores may be anything in a register; what it reads must be there. Integers of
// up to int's size are widened by libffi.
bool callback_result_allowed(const typedata* library, typedata_type expected,
                             const ffi_type& returned);

}  // namespace splitstrip::ffi
