// The check as functions of C.
#include <exception>

#include "consumers/libffi/ffi_typesafe.h"
#include "consumers/libffi/hand_out.h"
#include "consumers/libffi/outcome.h"
#include "consumers/libffi/shared.h"

using namespace splitstrip::ffi;

#define FFI_TYPESAFE_PUBLIC extern "C" __attribute__((visibility("default")))

FFI_TYPESAFE_PUBLIC ffi_typesafe_verdict ffi_typesafe_check(const ffi_cif* cif, unsigned fixed,
                                                            void (*function)(void), char* words,
                                                            size_t size) try {
  hand_out({}, words, size);
  Checker& checker = shared_checker();
  if (fixed == FFI_TYPESAFE_AS_PREPARED) fixed = checker.cifs().fixed(cif);
  const auto* address = reinterpret_cast<const void*>(function);
  checker.look_for_unloads();
  const std::uint64_t key = checker.key(*cif, fixed, address);
  std::optional<Known> known = checker.quick(key);
  if (!known || *known == Known::mismatch) {
    const Finding finding = checker.examine(*cif, fixed, address, key, nullptr);
    hand_out(finding.words, words, size);
    known = finding.known;
  }
  switch (*known) {
    case Known::mismatch:
      return FFI_TYPESAFE_MISMATCH;
    case Known::unknown:
      return FFI_TYPESAFE_UNKNOWN;
    default:
      return FFI_TYPESAFE_FITS;
  }
} catch (const std::exception&) {
  return FFI_TYPESAFE_UNKNOWN;  // out of memory: nothing can be told
}

FFI_TYPESAFE_PUBLIC const char* ffi_typesafe_error(void) {
  return fetch_error();
}
