#include "consumers/libffi/policy.h"

#include <cstdlib>
#include <string>

#include "consumers/libffi/say.h"

namespace splitstrip::ffi {
namespace {

std::string_view environment(const char* name) {
  const char* value = secure_getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

Policy policy_named(std::string_view word) {
  if (word.empty() || word == "warn") return Policy::warn;
  if (word == "abort") return Policy::abort;
  if (word == "raise") return Policy::raise;
  if (word == "off" || word == "0") return Policy::off;
  say("FFI_TYPESAFE=" + std::string(word) + " is none of warn, abort, raise, off; taken as warn");
  return Policy::warn;
}

const Settings& settings() {
  static const Settings read{policy_named(environment("FFI_TYPESAFE")),
                             environment("FFI_TYPESAFE_DEBUGINFO") == "1"};
  return read;
}

}  // namespace splitstrip::ffi
