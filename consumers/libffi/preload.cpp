// What stands in for libffi's own functions, and for dlclose(), under LD_PRELOAD.
#include <new>
#include <optional>

#include <dlfcn.h>

#include "consumers/libffi/next.h"
#include "consumers/libffi/outcome.h"
#include "consumers/libffi/shared.h"

namespace {

using namespace splitstrip::ffi;

using Call = void (*)(ffi_cif*, void (*)(), void*, void**);
using PrepCif = ffi_status (*)(ffi_cif*, ffi_abi, unsigned, ffi_type*, ffi_type**);
using PrepCifVar = ffi_status (*)(ffi_cif*, ffi_abi, unsigned, unsigned, ffi_type*, ffi_type**);
using Close = int (*)(void*);

using Handler = void (*)(ffi_cif*, void*, void**, void*);
using PrepClosureLoc = ffi_status (*)(ffi_closure*, ffi_cif*, Handler, void*, void*);
using PrepClosure = ffi_status (*)(ffi_closure*, ffi_cif*, Handler, void*);
using FreeClosure = void (*)(void*);

constexpr const char* base_of_8 = "LIBFFI_BASE_8.0";
constexpr const char* closures_of_8 = "LIBFFI_CLOSURE_8.0";

void made(const void* closure, const void* code, const ffi_cif* cif) noexcept try {
  shared_checker().closures().made(closure, code, cif);
} catch (const std::bad_alloc&) {
  // Then it is a function like any other.
}

// What every call needs, found once.
struct Process {
  Call call = next_function<Call>("ffi_call", base_of_8);
  Close close = next_function<Close>("dlclose", nullptr);
  bool checks = settings().policy != Policy::off;
  Checker& checker = shared_checker();
};

const Process& this_process() {
  static const Process process;
  return process;
}

// May a call be made that takes functions? Those that are closures are held against the types of
// the parameters. `key` is the call's.
bool callbacks_pass(const ffi_cif& cif, const void* function, void** arguments, std::uint64_t key,
                    Policy policy) {
  Checker& checker = shared_checker();
  for (unsigned i = 0; i < cif.nargs; ++i) {
    if (cif.arg_types[i]->type != FFI_TYPE_POINTER) continue;
    const ffi_cif* const closure = checker.closures().at(*static_cast<void**>(arguments[i]));
    if (closure == nullptr) continue;
    const std::uint64_t its = Checker::callback_key(key, i, *closure);
    const std::optional<Known> known = checker.quick(its);
    if (known && (*known != Known::mismatch || policy == Policy::warn)) continue;
    const Finding finding = checker.examine_callback(function, i, *closure, its);
    if (finding.known == Known::mismatch && !may_be_made(finding, policy)) return false;
  }
  return true;
}

// May a call be made of which nothing is known yet, or something that is to be said again?
[[gnu::noinline]] bool passes(const ffi_cif& cif, const void* function, void** arguments,
                              unsigned fixed, std::uint64_t key, const void* caller) try {
  const Policy policy = settings().policy;
  Checker& checker = shared_checker();
  std::optional<Known> known = checker.quick(key);
  if (!known || (*known == Known::mismatch && policy != Policy::warn)) {
    const Finding finding = checker.examine(cif, fixed, function, key, caller);
    if (finding.known == Known::mismatch) return may_be_made(finding, policy);
    known = finding.known;
  }
  return *known != Known::callbacks || callbacks_pass(cif, function, arguments, key, policy);
} catch (const std::bad_alloc&) {
  return true;  // nothing can be told
}

}  // namespace

#define FFI_TYPESAFE_PUBLIC __attribute__((visibility("default")))

extern "C" {

FFI_TYPESAFE_PUBLIC void ffi_call(ffi_cif* cif, void (*function)(void), void* result,
                                  void** arguments) {
  static const Process& process = this_process();
  if (process.checks) {
    const auto* address = reinterpret_cast<const void*>(function);
    const unsigned fixed = process.checker.cifs().fixed(cif);
    const std::uint64_t key = process.checker.key(*cif, fixed, address);
    const std::optional<Known> known = process.checker.quick(key);
    if (known != Known::fits && known != Known::unknown &&
        !passes(*cif, address, arguments, fixed, key, __builtin_return_address(0))) {
      no_result(*cif, result);
      return;
    }
    // Called by a program through libffi, libc's own does not come by here otherwise.
    if (function == reinterpret_cast<void (*)()>(process.close)) {
      process.checker.something_unloaded();
      process.call(cif, function, result, arguments);
      process.checker.something_unloaded();
      return;
    }
  }
  process.call(cif, function, result, arguments);
}

FFI_TYPESAFE_PUBLIC ffi_status ffi_prep_cif(ffi_cif* cif, ffi_abi abi, unsigned count,
                                            ffi_type* result, ffi_type** arguments) {
  static const auto real = next_function<PrepCif>("ffi_prep_cif", base_of_8);
  shared_checker().cifs().ordinary(cif);
  return real(cif, abi, count, result, arguments);
}

FFI_TYPESAFE_PUBLIC ffi_status ffi_prep_cif_var(ffi_cif* cif, ffi_abi abi, unsigned fixed,
                                                unsigned count, ffi_type* result,
                                                ffi_type** arguments) {
  static const auto real = next_function<PrepCifVar>("ffi_prep_cif_var", base_of_8);
  shared_checker().cifs().variadic(cif, fixed);
  return real(cif, abi, fixed, count, result, arguments);
}

FFI_TYPESAFE_PUBLIC ffi_status ffi_prep_closure_loc(ffi_closure* closure, ffi_cif* cif,
                                                    Handler handler, void* user_data, void* code) {
  static const auto real = next_function<PrepClosureLoc>("ffi_prep_closure_loc", closures_of_8);
  const ffi_status status = real(closure, cif, handler, user_data, code);
  if (status == FFI_OK) made(closure, code, cif);
  return status;
}

FFI_TYPESAFE_PUBLIC ffi_status ffi_prep_closure(ffi_closure* closure, ffi_cif* cif, Handler handler,
                                                void* user_data) {
  static const auto real = next_function<PrepClosure>("ffi_prep_closure", closures_of_8);
  const ffi_status status = real(closure, cif, handler, user_data);
  if (status == FFI_OK) made(closure, closure, cif);
  return status;
}

FFI_TYPESAFE_PUBLIC void ffi_closure_free(void* closure) {
  static const auto real = next_function<FreeClosure>("ffi_closure_free", closures_of_8);
  shared_checker().closures().freed(closure);
  real(closure);
}

// Another library may be loaded where this one was: what was found out of it counts no more, from
// before it goes until after.
FFI_TYPESAFE_PUBLIC int dlclose(void* handle) noexcept {
  shared_checker().something_unloaded();
  const int status = this_process().close(handle);
  shared_checker().something_unloaded();
  return status;
}
}
