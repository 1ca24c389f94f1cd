/* libffi-typesafe: holds foreign calls against the types that the called library carries.
 *
 *   char words[512];
 *   if (ffi_typesafe_check(&cif, FFI_TYPESAFE_AS_PREPARED, function, words, sizeof words) ==
 *       FFI_TYPESAFE_MISMATCH)
 *     return raise_type_error(words);
 *   ffi_call(&cif, function, &result, arguments);
 *
 * The same library under LD_PRELOAD does that before every ffi_call() of an unmodified program.
 * What it then does about a mismatch is said by the environment variable FFI_TYPESAFE:
 *
 *   warn   (the default) one message on standard error for each function and shape of call
 *   abort  a message, a backtrace, abort()
 *   raise  the call is not made, its result is zeros, and ffi_typesafe_error() tells of it
 *   off    nothing is checked
 *
 * FFI_TYPESAFE_DEBUGINFO=1 lets it read installed debuginfo of libraries that carry no types.
 * Both are read when they are needed first; a set-user-ID program does not see them.
 *
 * All functions may be called from any thread, and before or after fork(). What cannot be told from
 * types fits: a library without types, an address that is no exported function's exactly, a
 * function without prototype.
 *
 * Sources: libffi's ffi.h; the types are libtypedata's (typedata.h).
 */
#ifndef FFI_TYPESAFE_H
#define FFI_TYPESAFE_H 1

#include <ffi.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Check ---- */

typedef enum {
  FFI_TYPESAFE_FITS = 0, /* the types are known, and the call cannot corrupt or crash by them */
  FFI_TYPESAFE_UNKNOWN,  /* nothing is known of the function, so that nothing is held against the
                            call */
  FFI_TYPESAFE_MISMATCH
} ffi_typesafe_verdict;

/* How many arguments are fixed, where that is not a plain number.
 *
 * ALL_FIXED: the cif is of ffi_prep_cif(), for no variadic call.
 * AS_PREPARED: as ffi_prep_cif() or ffi_prep_cif_var() was told. That is known where this library
 * is preloaded or linked before libffi; elsewhere every cif counts as all fixed. */
#define FFI_TYPESAFE_ALL_FIXED (~0u)
#define FFI_TYPESAFE_AS_PREPARED (~1u)

/* Does a cif fit the function that it is to be called with? Held against each other are the number
 * of arguments, their classes and sizes, the layout of what goes by value, variadic or not, and the
 * result.
 *
 * `fixed` is the number of fixed arguments of a variadic call, or one of the above. `words` (size 0
 * allowed) gets one line: the function, where the two differ, the C prototype and what is passed;
 * it is cut off if longer, and empty unless there is a mismatch.
 *
 * An integer of up to int's size fits any other (C promotes them, libffi extends them); one of a
 * pointer's size fits a pointer; a result may be ignored, but not one that is returned in memory.
 */
ffi_typesafe_verdict ffi_typesafe_check(const ffi_cif* cif, unsigned fixed, void (*function)(void),
                                        char* words, size_t size);

/* What the last ffi_call() of this thread that was not made under FFI_TYPESAFE=raise would have
 * done wrong, and forgets it; NULL if there was none. The text is valid until the thread's next
 * mismatch. A runtime asks after each ffi_call(). A message that nobody fetched goes to standard
 * error when the next one comes, or the thread ends. */
const char* ffi_typesafe_error(void);

/* ---- Extract ---- */

typedef enum {
  FFI_TYPESAFE_OK = 0,
  FFI_TYPESAFE_NO_TYPES,        /* nothing is known of the function */
  FFI_TYPESAFE_NO_PROTOTYPE,    /* it is known, but not its parameters: int f() */
  FFI_TYPESAFE_NOT_EXPRESSIBLE, /* libffi has no type for a parameter or the result */
  FFI_TYPESAFE_BAD_EXTRA,       /* extra arguments for a function that is not variadic */
  FFI_TYPESAFE_REFUSED,         /* libffi would not prepare the cif */
  FFI_TYPESAFE_NO_MEMORY
} ffi_typesafe_status;

/* A cif with all the types that it points to. */
typedef struct ffi_typesafe_prepared ffi_typesafe_prepared;

/* Prepares a cif from the type of the function itself, for a caller that gives none. `extra` are
 * the types of `extras` variadic arguments, and must live as long as what is prepared.
 *
 * Structures by value become trees of ffi_type, arrays in them repeated elements. Where libffi has
 * no words for a layout (unions, bit-fields, padding by attribute), an ffi_type of the same size
 * and alignment is made that travels in the same registers, on machines where this library knows
 * the rules (x86-64), and is FFI_TYPESAFE_NOT_EXPRESSIBLE elsewhere. Never expressible: vectors,
 * 128-bit integers, decimal floats, what C++ passes by invisible reference, records whose members
 * are not known.
 *
 * On success *prepared must be given to ffi_typesafe_free(). Otherwise it is NULL and `words` (size
 * 0 allowed) says in one line why. */
ffi_typesafe_status ffi_typesafe_prep_cif(void (*function)(void), unsigned extras,
                                          ffi_type* const* extra, ffi_typesafe_prepared** prepared,
                                          char* words, size_t size);

/* The cif, for ffi_call(); it lives as long as `prepared`, whatever becomes of the library. */
ffi_cif* ffi_typesafe_cif(ffi_typesafe_prepared* prepared);

/* The number of its fixed arguments, or FFI_TYPESAFE_ALL_FIXED if it is not variadic. */
unsigned ffi_typesafe_fixed(const ffi_typesafe_prepared* prepared);

/* Frees the cif and its types; NULL is allowed. */
void ffi_typesafe_free(ffi_typesafe_prepared* prepared);

#ifdef __cplusplus
}
#endif
#endif
