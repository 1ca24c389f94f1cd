// One message on standard error.
#pragma once

#include <string_view>

namespace splitstrip::ffi {

// Writes "ffi-typesafe: TEXT" and a newline at once, so that the lines of threads do not mix.
void say(std::string_view text);

// The backtrace of this thread on standard error, as far as it can be had without debuginfo.
void say_backtrace();

}  // namespace splitstrip::ffi
