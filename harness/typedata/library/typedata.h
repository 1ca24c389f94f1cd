/* libtypedata: the types of a library's exported interface, as the library itself carries them.
 *
 *   typedata *types;
 *   typedata_error error;
 *   if (typedata_open("/usr/lib/x86_64-linux-gnu/libz.so.1", 0, &types, &error) != TYPEDATA_OK)
 *     errx(1, "%s", error.message);
 *   typedata_type crc32 = typedata_find_function(types, "crc32");
 *   char text[256];
 *   typedata_print(types, crc32, "crc32", text, sizeof text);
 *   typedata_close(types);                  // text: uLong crc32(uLong crc, const Bytef *buf, uInt len)
 *
 * Types come from the section .gnu_typedata, or, if asked to, from installed debuginfo. A caller
 * that has a declaration of its own (a foreign function interface) builds it with typedata_new()
 * and typedata_add_…() and has it compared with the library's.
 *
 * No function has global state; all may be called from any thread. What typedata_open() gave is
 * never changed, so that any number of threads may ask it at once; while declarations are added
 * to one from typedata_new(), nobody else may use that one. Whatever a file says, no function here
 * crashes or runs for ever: what cannot be read is TYPEDATA_NONE, or the file does not open.
 *
 * Strings are UTF-8 as in the file, end with NUL, and live as long as the typedata they came from.
 * Sources: DWARF 5; ELF gABI; the section's layout is described in README.md of splitstrip.
 */
#ifndef TYPEDATA_H
#define TYPEDATA_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one library's types are, or declarations of one's own. */
typedef struct typedata typedata;

/* A type within one typedata; of no meaning in another. */
typedef uint32_t typedata_type;
#define TYPEDATA_VOID UINT32_C(0)
#define TYPEDATA_NONE UINT32_MAX /* there is no such type, function or object */

#define TYPEDATA_UNKNOWN UINT64_MAX /* a size, count or offset that is not told */

typedef enum {
  TYPEDATA_OK = 0,
  TYPEDATA_ABSENT,     /* the library carries no types (and has no debuginfo, if that was asked for) */
  TYPEDATA_UNREADABLE, /* the file is missing, may not be read, or is no ELF file */
  TYPEDATA_DAMAGED,    /* the section is corrupt, truncated, or beyond all measure */
  TYPEDATA_FOREIGN,    /* the section is of another build of the library */
  TYPEDATA_REPLACED,   /* the file on disk is not the one that was loaded */
  TYPEDATA_NOT_LOADED  /* no loaded library is at that address */
} typedata_status;

typedef struct {
  char message[512]; /* one line: which file, what is wrong, and what to do; cut off if longer */
} typedata_error;

/* Flags of typedata_open…(). */
#define TYPEDATA_OR_DEBUGINFO 1u /* if the section is absent, read debuginfo: by build-id below
                                    /usr/lib/debug (or $TYPEDATA_DEBUG_ROOT), or in the file itself */

/* Opens a library by its path. On success, and only then, *opened must be closed. `error` may be
 * NULL. */
typedata_status typedata_open(const char *path, unsigned flags, typedata **opened, typedata_error *error);

/* Opens the loaded library (or program) that has `address` in one of its segments, whatever name
 * or namespace it was loaded by. That the file is still the one in memory is made sure by build-id. */
typedata_status typedata_open_loaded(const void *address, unsigned flags, typedata **opened,
                                     typedata_error *error);

/* Where the library that holds `address` is loaded: the same for all its addresses, another one for
 * each further copy (dlmopen). 0 if there is none. For a cache of what was opened. */
uintptr_t typedata_module(const void *address);

/* The file's path; empty for typedata_new(). */
const char *typedata_path(const typedata *types);

/* Frees everything; NULL is allowed. */
void typedata_close(typedata *types);

/* An exported function or object by its name in the symbol table, aliases included, with or without
 * "@VERSION" (without: the default version). TYPEDATA_NONE if the types tell of none. What comes
 * back for an object is its type, for a function its function type with the parameters' names. */
typedata_type typedata_find_function(const typedata *types, const char *symbol);
typedata_type typedata_find_object(const typedata *types, const char *symbol);

/* The same by address in the running program, which must be the symbol's exactly. Only where
 * typedata_open_loaded() was used; another copy of the library has other addresses. `symbol` may be
 * NULL, else *symbol is a name of it. */
typedata_type typedata_function_at(const typedata *types, const void *address, const char **symbol);
typedata_type typedata_object_at(const typedata *types, const void *address, const char **symbol);

/* Calls back for each exported function, then each object, in the order of their names, until the
 * callback says false. */
typedef bool (*typedata_visitor)(void *context, const char *symbol, typedata_type type, bool is_function);
void typedata_each(const typedata *types, typedata_visitor visit, void *context);

/* A type by name: "stat", "size_t", "outer::inner". Structures, unions, classes, enumerations and
 * typedefs are looked for; a definition goes before a declaration. Takes as long as there are types. */
typedata_type typedata_find_type(const typedata *types, const char *name);

typedef enum {
  TYPEDATA_KIND_VOID,
  TYPEDATA_KIND_BASE,        /* DW_TAG_base_type */
  TYPEDATA_KIND_UNSPECIFIED, /* DW_TAG_unspecified_type: decltype(nullptr) */
  TYPEDATA_KIND_POINTER,
  TYPEDATA_KIND_REFERENCE, /* C++ T& and T&& */
  TYPEDATA_KIND_MEMBER_POINTER,
  TYPEDATA_KIND_CONST,
  TYPEDATA_KIND_VOLATILE,
  TYPEDATA_KIND_RESTRICT,
  TYPEDATA_KIND_ATOMIC,
  TYPEDATA_KIND_ALIAS,  /* typedef */
  TYPEDATA_KIND_STRUCT, /* and C++ class */
  TYPEDATA_KIND_UNION,
  TYPEDATA_KIND_ENUM,
  TYPEDATA_KIND_ARRAY,
  TYPEDATA_KIND_FUNCTION
} typedata_kind;

#define TYPEDATA_VARIADIC 1u     /* a function: "..." */
#define TYPEDATA_PROTOTYPED 2u   /* a function: its parameters are known */
#define TYPEDATA_NORETURN 4u     /* a function */
#define TYPEDATA_DECLARATION 8u  /* a record or enumeration: its definition is nowhere */
#define TYPEDATA_VECTOR 16u      /* an array that is a GNU vector */
#define TYPEDATA_NONTRIVIAL 32u  /* a C++ record that is passed by the address of a copy, and returned where
                                    a hidden first parameter says (DW_CC_pass_by_reference) */
#define TYPEDATA_PASSING_UNTOLD 64u /* a C++ record of which that is not known: by a pointer, or not at all */

typedef struct {
  typedata_kind kind;
  unsigned flags;       /* TYPEDATA_VARIADIC … */
  unsigned encoding;    /* DW_ATE_* of a base type; DW_ATE_signed or DW_ATE_unsigned of an enumeration */
  typedata_type target; /* what is pointed to, qualified, named or returned; the element; an
                           enumeration's underlying type */
  uint64_t size;        /* in bytes, of all but void and functions, or TYPEDATA_UNKNOWN */
  uint64_t alignment;   /* in bytes: as asked for in the source, else 0 */
  uint64_t count;       /* of items, see typedata_items() */
  const char *name;     /* "" if it has none */
} typedata_info;

/* What a type is. false, and *info of kind TYPEDATA_KIND_VOID, if there is no such type. */
bool typedata_describe(const typedata *types, typedata_type type, typedata_info *info);

/* A record's member, a function's parameter, an enumeration's enumerator, an array's dimension. */
typedef struct {
  const char *name;    /* "" if it has none */
  typedata_type type;  /* of a member or parameter */
  bool base_class;     /* a member */
  uint64_t bit_offset; /* of a member, from the record's start in memory order; of a virtual base TYPEDATA_UNKNOWN */
  uint64_t bit_size;   /* of a bit-field, else 0 */
  int64_t value;       /* of an enumerator; of a dimension the number of elements, -1 if not told */
} typedata_item;

/* Writes up to `capacity` items and returns how many there are. */
size_t typedata_items(const typedata *types, typedata_type type, typedata_item *items, size_t capacity);

/* Follows qualifiers and, with `aliases`, typedefs as well. Ends for every input. */
typedata_type typedata_strip(const typedata *types, typedata_type type, bool aliases);

/* Writes the type as C: for a function "int f(const char *a, ...)", for others "struct s *name";
 * `name` may be "". Returns the length of the whole text as snprintf() does. */
size_t typedata_print(const typedata *types, typedata_type type, const char *name, char *text, size_t size);

/* ---- Declarations of one's own ---- */

/* An empty one, to which types are added. Sizes of pointers are this machine's. NULL: no memory. */
typedata *typedata_new(void);

/* Each returns the new type, TYPEDATA_NONE if an argument is none, or out of memory. Names are
 * copied. */
typedata_type typedata_add_base(typedata *types, const char *name, uint64_t size, unsigned encoding);
typedata_type typedata_add_pointer(typedata *types, typedata_type target);
typedata_type typedata_add_alias(typedata *types, const char *name, typedata_type target);
typedata_type typedata_add_const(typedata *types, typedata_type target);
typedata_type typedata_add_array(typedata *types, typedata_type element, uint64_t count);
typedata_type typedata_add_enum(typedata *types, const char *name, uint64_t size, bool is_signed);
/* A structure or union; without members, it is opaque if `size` is TYPEDATA_UNKNOWN, and only its
 * size is known otherwise. Members may be added later, so that it can refer to itself. */
typedata_type typedata_add_record(typedata *types, bool is_union, const char *name, uint64_t size,
                                  uint64_t alignment);
bool typedata_add_member(typedata *types, typedata_type record, const char *name, typedata_type type,
                         uint64_t bit_offset, uint64_t bit_size);
typedata_type typedata_add_function(typedata *types, typedata_type returns, unsigned flags);
bool typedata_add_parameter(typedata *types, typedata_type function, const char *name, typedata_type type);

/* ---- Comparing ---- */

typedef enum {
  TYPEDATA_SAME,       /* nothing differs but names, and const that the declaration lacks */
  TYPEDATA_COMPATIBLE, /* differs in what cannot corrupt or crash: signedness of equal width, an enumeration
                          for its integer, void * for a pointer or back, char * for bytes of any kind or a
                          structure to be filled, const that the library does not promise, an opaque record
                          behind a pointer, bytes in place of members, room at the end of what is handed over,
                          a missing end of what is returned, an int for a shorter parameter (as C promotes
                          it), a result that is ignored or made up for void, an integer as wide as a pointer
                          for a pointer that is returned or lies in memory, void * for an integer as wide; of
                          a function that the library calls, parameters that it does not take */
  TYPEDATA_HANDLE,     /* of a parameter or result of the function itself: one word on both sides, which may
                          travel from the library and back, but not be followed as what is declared: a
                          pointer to something else, an integer as wide for a pointer that is handed over.
                          Likewise an integer that is narrower than the library's, and that one no wider than
                          a pointer: harmful if the upper part is to be more than an extension of it */
  TYPEDATA_HARMFUL     /* another class, size, number of parameters, pointer depth, thing pointed to, layout,
                          alignment, by value instead of by pointer, variadic or not, return type */
} typedata_verdict;

#define TYPEDATA_SHALLOW 2u /* pointers that lie in memory are not followed */
#define TYPEDATA_MACHINE_ONLY 1u /* as far as a call can tell: registers and bytes by value; all pointers
                                    are alike. For a libffi cif, which knows no more. */

/* Holds a declaration against the library's type, and says in `words` (size 0 allowed) where they
 * differ first and worst: one line, both sides, and the field and offset where two layouts part.
 * `words` is empty for TYPEDATA_SAME. Ends for every input, recursive types included; where either
 * side is not known (TYPEDATA_UNKNOWN, a function without prototype) nothing is held against it. */
typedata_verdict typedata_compare(const typedata *library, typedata_type its, const typedata *declared,
                                  typedata_type type, unsigned flags, char *words, size_t size);

#ifdef __cplusplus
}
#endif
#endif
