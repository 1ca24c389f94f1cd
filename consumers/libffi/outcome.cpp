#include "consumers/libffi/outcome.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "consumers/libffi/say.h"

namespace splitstrip::ffi {
namespace {

// The thread's last message. What nobody fetches is not lost: it is told in the end.
class Pending {
 public:
  ~Pending() { tell(); }
  void set(std::string text) {
    tell();
    text_ = std::move(text);
    waits_ = true;
  }
  const char* fetch() {
    const bool waited = waits_;
    waits_ = false;
    return waited ? text_.c_str() : nullptr;
  }

 private:
  void tell() const {
    if (waits_) say("this call was not made, and nobody asked why: " + text_);
  }
  std::string text_;
  bool waits_ = false;
};

thread_local Pending pending;

}  // namespace

bool may_be_made(const Finding& mismatch, Policy policy) {
  switch (policy) {
    case Policy::off:
      return true;
    case Policy::warn:
      if (mismatch.first) say(mismatch.words);
      return true;
    case Policy::raise:
      pending.set(mismatch.words);
      return false;
    case Policy::abort:
      break;
  }
  say(mismatch.words);
  say_backtrace();
  std::abort();
}

void no_result(const ffi_cif& cif, void* result) {
  if (result == nullptr || cif.rtype->type == FFI_TYPE_VOID) return;
  // Integers are widened to a whole register.
  const std::size_t size = cif.rtype->type == FFI_TYPE_STRUCT
                               ? cif.rtype->size
                               : std::max(cif.rtype->size, sizeof(ffi_arg));
  std::memset(result, 0, size);
}

const char* fetch_error() {
  return pending.fetch();
}

}  // namespace splitstrip::ffi
