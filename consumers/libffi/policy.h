// What is done about a mismatch, as the environment says.
#pragma once

#include <string_view>

namespace splitstrip::ffi {

enum class Policy { off, warn, abort, raise };

struct Settings {
  Policy policy = Policy::warn;
  bool debuginfo = false;  // may be read where a library carries no types
};

// The word of FFI_TYPESAFE; what is no such word is told of on standard error, and counts as warn.
Policy policy_named(std::string_view word);

// Read once.
const Settings& settings();

}  // namespace splitstrip::ffi
