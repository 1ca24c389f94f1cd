// Callers that call in a way that is wrong for others, and right for them.
#pragma once

namespace splitstrip::ffi {

// PyPy, all of which is one process: its ctypes (7.3.11) prepares a call of what was declared
// without argtypes as variadic with no fixed argument, its cffi prepares variadic calls as ordinary
// ones.
bool is_pypy();

// CPython or PyPy, whose ctypes takes an int for the result of what nobody declared.
bool is_python();

// GObject, by an address in it: it hands signal handlers all arguments of the signal, and those in
// C take as many as they want.
bool is_gobject(const void* address);

}  // namespace splitstrip::ffi
