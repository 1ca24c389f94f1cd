#include "consumers/libffi/fit.h"

#include <algorithm>
#include <vector>

#include "consumers/libffi/allowance.h"
#include "consumers/libffi/declared.h"
#include "consumers/libffi/ffi_typesafe.h"
#include "consumers/libffi/items.h"

namespace splitstrip::ffi {
namespace {

// The library's own type once more, as a declaration: what is allowed to differ does not differ.
typedata_type copy_of(typedata* types, const typedata* library, typedata_type type) {
  typedata_info info;
  typedata_describe(library, typedata_strip(library, type, true), &info);
  switch (info.kind) {
    case TYPEDATA_KIND_VOID:
      return TYPEDATA_VOID;
    case TYPEDATA_KIND_BASE:
      return typedata_add_base(types, info.name, info.size, info.encoding);
    case TYPEDATA_KIND_ENUM: {
      // DW_ATE_signed; one that does not tell its size has int's.
      const bool is_signed = info.encoding == 0x5;
      return typedata_add_enum(types, info.name, info.size, is_signed);
    }
    case TYPEDATA_KIND_STRUCT:
    case TYPEDATA_KIND_UNION:
      return typedata_add_record(types, info.kind == TYPEDATA_KIND_UNION, info.name, info.size, 0);
    default:
      return typedata_add_pointer(types, TYPEDATA_VOID);
  }
}

// A variadic function may be called as an ordinary one if no argument is beyond the fixed ones:
// that is one and the same call, and ctypes has no other way to make it.
bool called_as_variadic(const ffi_cif& cif, unsigned fixed, const typedata_info& its) {
  if (fixed != FFI_TYPESAFE_ALL_FIXED) return true;
  return (its.flags & TYPEDATA_VARIADIC) != 0 && cif.nargs == its.count;
}

// Can a row of elements say how such a record is laid out? Not with bit-fields or unions in it.
bool is_plain(const typedata* library, typedata_type type, int depth = 0) {
  typedata_info info;
  const typedata_type stripped = typedata_strip(library, type, true);
  typedata_describe(library, stripped, &info);
  if (depth > 16 || info.kind == TYPEDATA_KIND_UNION) return false;
  if (info.kind == TYPEDATA_KIND_ARRAY) return is_plain(library, info.target, depth + 1);
  if (info.kind != TYPEDATA_KIND_STRUCT) return true;
  return std::ranges::all_of(items_of(library, stripped), [&](const typedata_item& member) {
    return member.bit_size == 0 && is_plain(library, member.type, depth + 1);
  });
}

// What goes by value in memory, or in the same registers either way, can still have its members at
// other places. Where the elements can be believed, they are held against the members.
std::string layout_misfit(const typedata* library, typedata_type its, const ffi_type& given) {
  if (given.type != FFI_TYPE_STRUCT || !tells_layout(given) || !is_plain(library, its)) return {};
  const Typedata declared(typedata_new());
  if (!declared) return {};
  char words[512];
  const typedata_verdict verdict = typedata_compare(
      library, its, declared.get(), declare(declared.get(), given), 0, words, sizeof words);
  return verdict == TYPEDATA_HARMFUL ? words : std::string();
}

// Whether the place for what is returned comes as a parameter before all others, as in C++.
bool hides_place(const typedata* library, typedata_type returned) {
  typedata_info its;
  return typedata_describe(library, typedata_strip(library, returned, true), &its) &&
         (its.kind == TYPEDATA_KIND_STRUCT || its.kind == TYPEDATA_KIND_UNION) &&
         (its.flags & (TYPEDATA_NONTRIVIAL | TYPEDATA_PASSING_UNTOLD)) != 0;
}

// Who is called: the library's function, or what it calls back.
enum class Called { library, callback };

std::string compare(const typedata* library, typedata_type function, const ffi_cif& cif,
                    unsigned fixed, Called called) {
  typedata_info its;
  const typedata_type plain = typedata_strip(library, function, true);
  if (!typedata_describe(library, plain, &its) || its.kind != TYPEDATA_KIND_FUNCTION) return {};

  const Typedata declared(typedata_new());
  if (!declared) return {};
  typedata* const types = declared.get();
  const bool right = called == Called::library
                         ? result_allowed(library, its.target, *cif.rtype)
                         : callback_result_allowed(library, its.target, *cif.rtype);
  const typedata_type returns =
      right ? copy_of(types, library, its.target) : declare(types, *cif.rtype);
  const unsigned variadic = called_as_variadic(cif, fixed, its) ? TYPEDATA_VARIADIC : 0U;
  const typedata_type call = typedata_add_function(types, returns, TYPEDATA_PROTOTYPED | variadic);

  const std::vector<typedata_item> parameters = items_of(library, plain);
  const unsigned named = std::min(cif.nargs, fixed);
  const unsigned hidden = hides_place(library, its.target) ? 1 : 0;
  // What stands in the library for an argument; nothing for the hidden one, and for what is too
  // much.
  const auto parameter_of = [&](unsigned argument) -> const typedata_item* {
    if (argument < hidden || argument - hidden >= parameters.size()) return nullptr;
    return &parameters[argument - hidden];
  };
  for (unsigned i = 0; i < named; ++i) {
    const ffi_type& argument = *cif.arg_types[i];
    const typedata_item* const its_own = parameter_of(i);
    const bool allowed = its_own != nullptr && argument_allowed(library, its_own->type, argument);
    const typedata_type type =
        allowed ? copy_of(types, library, its_own->type) : declare(types, argument);
    if (!typedata_add_parameter(types, call, "", type)) return {};  // out of memory
  }

  char words[512];
  const typedata_verdict verdict =
      typedata_compare(library, plain, types, call, TYPEDATA_MACHINE_ONLY, words, sizeof words);
  if (verdict == TYPEDATA_HARMFUL) return words[0] != '\0' ? words : "differs";

  std::string layout = layout_misfit(library, its.target, *cif.rtype);
  if (!layout.empty()) return "return value: " + layout;
  for (unsigned i = 0; i < named; ++i) {
    const typedata_item* const its_own = parameter_of(i);
    if (its_own == nullptr) continue;
    layout = layout_misfit(library, its_own->type, *cif.arg_types[i]);
    if (!layout.empty()) return "parameter " + std::to_string(i + 1) + ": " + layout;
  }
  return {};
}

}  // namespace

std::string misfit(const typedata* library, typedata_type function, const ffi_cif& cif,
                   unsigned fixed) {
  return compare(library, function, cif, fixed, Called::library);
}

typedata_type callback_of(const typedata* library, typedata_type parameter) {
  typedata_info info;
  typedata_describe(library, typedata_strip(library, parameter, true), &info);
  if (info.kind != TYPEDATA_KIND_POINTER) return TYPEDATA_NONE;
  const typedata_type target = typedata_strip(library, info.target, true);
  typedata_describe(library, target, &info);
  if (info.kind != TYPEDATA_KIND_FUNCTION || (info.flags & TYPEDATA_PROTOTYPED) == 0)
    return TYPEDATA_NONE;
  typedata_info returns;
  typedata_describe(library, typedata_strip(library, info.target, true), &returns);
  const bool any = info.count == 0 && returns.kind == TYPEDATA_KIND_VOID;
  return any ? TYPEDATA_NONE : target;
}

std::string callback_misfit(const typedata* library, typedata_type callback,
                            const ffi_cif& closure) {
  return compare(library, callback, closure, FFI_TYPESAFE_ALL_FIXED, Called::callback);
}

}  // namespace splitstrip::ffi
