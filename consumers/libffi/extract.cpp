// A cif from the function's own type, as functions of C.
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "consumers/libffi/ffi_typesafe.h"
#include "consumers/libffi/hand_out.h"
#include "consumers/libffi/items.h"
#include "consumers/libffi/shared.h"
#include "consumers/libffi/type_tree.h"

struct ffi_typesafe_prepared {
  ffi_cif cif{};
  splitstrip::ffi::TypeTree types;
  std::vector<ffi_type*> arguments;
  unsigned fixed = FFI_TYPESAFE_ALL_FIXED;
};

namespace splitstrip::ffi {
namespace {

struct Outcome {
  ffi_typesafe_status status = FFI_TYPESAFE_NO_TYPES;
  std::string words = "the library carries no types, or no exported function begins there";
};

Outcome fill(const FoundFunction& function, unsigned extras, ffi_type* const* extra,
             ffi_typesafe_prepared& prepared) {
  if (function.types == nullptr) return {};
  const std::string name = function.symbol;
  const typedata_type plain = typedata_strip(function.types, function.type, true);
  typedata_info info;
  if (!typedata_describe(function.types, plain, &info) || info.kind != TYPEDATA_KIND_FUNCTION)
    return {};
  if ((info.flags & TYPEDATA_PROTOTYPED) == 0)
    return {FFI_TYPESAFE_NO_PROTOTYPE, name + " has no prototype"};
  const bool variadic = (info.flags & TYPEDATA_VARIADIC) != 0;
  if (extras != 0 && !variadic)
    return {FFI_TYPESAFE_BAD_EXTRA, name + " is not variadic, but got extra arguments"};

  ffi_type* const result = prepared.types.make(function.types, info.target);
  if (result == nullptr)
    return {FFI_TYPESAFE_NOT_EXPRESSIBLE, name + ", its result: " + prepared.types.why()};
  for (const typedata_item& parameter : items_of(function.types, plain)) {
    prepared.arguments.push_back(prepared.types.make(function.types, parameter.type));
    if (prepared.arguments.back() == nullptr)
      return {FFI_TYPESAFE_NOT_EXPRESSIBLE, name + ", parameter " +
                                                std::to_string(prepared.arguments.size()) + ": " +
                                                prepared.types.why()};
  }
  const auto fixed = static_cast<unsigned>(prepared.arguments.size());
  prepared.arguments.insert(prepared.arguments.end(), extra, extra + extras);
  const auto count = static_cast<unsigned>(prepared.arguments.size());
  ffi_type** const types = prepared.arguments.data();
  if (variadic) prepared.fixed = fixed;
  const ffi_status status =
      variadic ? ffi_prep_cif_var(&prepared.cif, FFI_DEFAULT_ABI, fixed, count, result, types)
               : ffi_prep_cif(&prepared.cif, FFI_DEFAULT_ABI, count, result, types);
  if (status != FFI_OK)
    return {FFI_TYPESAFE_REFUSED,
            name + ": libffi would not prepare it, status " + std::to_string(status) +
                (extras != 0 ? " (an extra argument of a type that C promotes?)" : "")};
  return {FFI_TYPESAFE_OK, {}};
}

}  // namespace
}  // namespace splitstrip::ffi

#define FFI_TYPESAFE_PUBLIC extern "C" __attribute__((visibility("default")))

FFI_TYPESAFE_PUBLIC ffi_typesafe_status ffi_typesafe_prep_cif(void (*function)(void),
                                                              unsigned extras,
                                                              ffi_type* const* extra,
                                                              ffi_typesafe_prepared** prepared,
                                                              char* words, size_t size) try {
  using namespace splitstrip::ffi;
  *prepared = nullptr;
  hand_out({}, words, size);
  auto made = std::make_unique<ffi_typesafe_prepared>();
  Outcome outcome;
  shared_checker().visit(reinterpret_cast<const void*>(function), [&](const FoundFunction& found) {
    outcome = fill(found, extras, extra, *made);
  });
  if (outcome.status == FFI_TYPESAFE_OK)
    *prepared = made.release();
  else
    hand_out(outcome.words, words, size);
  return outcome.status;
} catch (const std::bad_alloc&) {
  return FFI_TYPESAFE_NO_MEMORY;
}

FFI_TYPESAFE_PUBLIC ffi_cif* ffi_typesafe_cif(ffi_typesafe_prepared* prepared) {
  return &prepared->cif;
}

FFI_TYPESAFE_PUBLIC unsigned ffi_typesafe_fixed(const ffi_typesafe_prepared* prepared) {
  return prepared->fixed;
}

FFI_TYPESAFE_PUBLIC void ffi_typesafe_free(ffi_typesafe_prepared* prepared) {
  delete prepared;
}
