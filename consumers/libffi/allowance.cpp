#include "consumers/libffi/allowance.h"

#include <array>
#include <cstddef>

namespace splitstrip::ffi {
namespace {

constexpr unsigned complex_float = 0x3;  // DW_ATE_*
constexpr unsigned floating = 0x4;
constexpr unsigned imaginary_float = 0x9;

bool is_float(unsigned encoding) {
  return encoding == floating || encoding == complex_float || encoding == imaginary_float;
}

typedata_info plain(const typedata* types, typedata_type type) {
  typedata_info info;
  typedata_describe(types, typedata_strip(types, type, true), &info);
  return info;
}

bool is_integer(const typedata_info& info) {
  return info.kind == TYPEDATA_KIND_ENUM ||
         (info.kind == TYPEDATA_KIND_BASE && !is_float(info.encoding));
}

bool is_pointer(const typedata_info& info) {
  return info.kind == TYPEDATA_KIND_POINTER || info.kind == TYPEDATA_KIND_REFERENCE;
}

bool is_integer(const ffi_type& type) {
  return type.type == FFI_TYPE_INT || (type.type >= FFI_TYPE_UINT8 && type.type <= FFI_TYPE_SINT64);
}

bool is_pointer_sized(const ffi_type& type) {
  return type.type == FFI_TYPE_POINTER || (is_integer(type) && type.size == sizeof(void*));
}

// Both travel in one integer register.
bool same_word(const typedata_info& its, const ffi_type& given) {
  return is_pointer_sized(given) &&
         (is_pointer(its) || (is_integer(its) && its.size == sizeof(void*)));
}

// glibc's own DWARF shows its transparent unions without members.
bool is_union_of_pointers(const typedata* types, typedata_type type, const typedata_info& info) {
  if (info.kind != TYPEDATA_KIND_UNION || info.size != sizeof(void*)) return false;
  std::array<typedata_item, 32> members;
  if (info.count > members.size()) return false;
  const std::size_t count =
      typedata_items(types, typedata_strip(types, type, true), members.data(), members.size());
  for (std::size_t i = 0; i < count; ++i)
    if (!is_pointer(plain(types, members[i].type))) return false;
  return true;
}

}  // namespace

bool argument_allowed(const typedata* library, typedata_type parameter, const ffi_type& argument) {
  const typedata_info its = plain(library, parameter);
  if (is_integer(its) && is_integer(argument))
    return its.size == argument.size || (its.size <= sizeof(int) && argument.size <= sizeof(int));
  if (same_word(its, argument)) return true;
  if (argument.type != FFI_TYPE_POINTER) return false;
  return is_union_of_pointers(library, parameter, its);
}

bool result_allowed(const typedata* library, typedata_type returned, const ffi_type& expected) {
  const typedata_info its = plain(library, returned);
  if (its.kind == TYPEDATA_KIND_VOID)
    return is_integer(expected) || expected.type == FFI_TYPE_POINTER ||
           expected.type == FFI_TYPE_FLOAT || expected.type == FFI_TYPE_DOUBLE;
  if (expected.type == FFI_TYPE_VOID) {
    if (is_integer(its) || is_pointer(its)) return true;
    const std::size_t parts = its.encoding == complex_float ? 2 : 1;
    return its.kind == TYPEDATA_KIND_BASE && its.size <= parts * sizeof(double);
  }
  return same_word(its, expected);
}

bool callback_result_allowed(const typedata* library, typedata_type expected,
                             const ffi_type& returned) {
  if (returned.type == FFI_TYPE_VOID) return false;  // the comparison decides
  return result_allowed(library, expected, returned) ||
         argument_allowed(library, expected, returned);
}

}  // namespace splitstrip::ffi
