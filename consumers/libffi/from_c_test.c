/* The interface as a runtime in C uses it: argv[1] is a library that carries its types. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "ffi_typesafe.h"

static int failures;

static void expect(int good, const char* what) {
  if (good) return;
  printf("failed: %s\n", what);
  ++failures;
}

static void check(void (*length)(void)) {
  char words[512];
  ffi_cif cif;
  ffi_type* arguments[] = {&ffi_type_sint32};
  ffi_prep_cif(&cif, FFI_DEFAULT_ABI, 1, &ffi_type_uint64, arguments);
  expect(ffi_typesafe_check(&cif, FFI_TYPESAFE_AS_PREPARED, length, words, sizeof words) ==
             FFI_TYPESAFE_MISMATCH,
         "an int for a pointer is a mismatch");
  expect(strstr(words, "size_t length(const char *text)") != NULL, words);
  arguments[0] = &ffi_type_pointer;
  expect(ffi_typesafe_check(&cif, FFI_TYPESAFE_AS_PREPARED, length, NULL, 0) == FFI_TYPESAFE_FITS,
         "a pointer fits");
  expect(ffi_typesafe_error() == NULL, "the check makes no errors");
}

static void variadic(void (*sum)(void)) {
  ffi_cif cif;
  ffi_type* arguments[] = {&ffi_type_sint32, &ffi_type_sint32};
  ffi_prep_cif_var(&cif, FFI_DEFAULT_ABI, 1, 2, &ffi_type_sint32, arguments);
  expect(ffi_typesafe_check(&cif, FFI_TYPESAFE_AS_PREPARED, sum, NULL, 0) == FFI_TYPESAFE_FITS,
         "it is known that it was prepared for a variadic call");
  ffi_prep_cif(&cif, FFI_DEFAULT_ABI, 2, &ffi_type_sint32, arguments);
  expect(ffi_typesafe_check(&cif, FFI_TYPESAFE_AS_PREPARED, sum, NULL, 0) == FFI_TYPESAFE_MISMATCH,
         "it is known that it was prepared for an ordinary call");
  expect(ffi_typesafe_check(&cif, 1, sum, NULL, 0) == FFI_TYPESAFE_FITS,
         "what the caller says counts");
}

static void extract(void (*length)(void)) {
  ffi_typesafe_prepared* prepared;
  const char* text = "four";
  void* values[] = {&text};
  ffi_arg result = 0;
  expect(ffi_typesafe_prep_cif(length, 0, NULL, &prepared, NULL, 0) == FFI_TYPESAFE_OK,
         "it is prepared");
  if (prepared == NULL) return;
  ffi_call(ffi_typesafe_cif(prepared), length, &result, values);
  expect(result == 4, "the call gives what it should");
  expect(ffi_typesafe_fixed(prepared) == FFI_TYPESAFE_ALL_FIXED, "it is not variadic");
  ffi_typesafe_free(prepared);
}

int main(int argc, char** argv) {
  void* library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
  void (*length)(void), (*sum)(void);
  if (library == NULL) return 2;
  *(void**)&length = dlsym(library, "length");
  *(void**)&sum = dlsym(library, "sum");
  check(length);
  variadic(sum);
  extract(length);
  puts(failures == 0 ? "passed" : "failed");
  return failures != 0;
}
