#include "consumers/libffi/declared.h"

#include <cstddef>

#include "consumers/libffi/ffi_typesafe.h"

namespace splitstrip::ffi {
namespace {

// DWARF 5, 7.8.
enum Encoding : unsigned {
  complex_float = 0x3,
  floating = 0x4,
  signed_integer = 0x5,
  signed_char = 0x6,
  unsigned_integer = 0x7,
  unsigned_char = 0x8
};

constexpr int deepest = 16;
constexpr std::size_t most_elements = 4096;

std::size_t aligned(std::size_t offset, std::size_t alignment) {
  return alignment == 0 ? offset : (offset + alignment - 1) / alignment * alignment;
}

typedata_type integer(typedata* types, std::size_t size, bool is_signed) {
  // The names of C that readers know, where their sizes are these.
  const char* name = is_signed ? "signed integer" : "unsigned integer";
  if (size == 1) name = is_signed ? "signed char" : "unsigned char";
  if (size == sizeof(short)) name = is_signed ? "short" : "unsigned short";
  if (size == sizeof(int)) name = is_signed ? "int" : "unsigned int";
  if (size == 8) {
    if (sizeof(long) == 8)
      name = is_signed ? "long" : "unsigned long";
    else
      name = is_signed ? "long long" : "unsigned long long";
  }
  const unsigned of_char = is_signed ? signed_char : unsigned_char;
  const unsigned of_others = is_signed ? signed_integer : unsigned_integer;
  return typedata_add_base(types, name, size, size == 1 ? of_char : of_others);
}

const char* complex_name(std::size_t size) {
  if (size == 2 * sizeof(float)) return "float _Complex";
  return size == 2 * sizeof(double) ? "double _Complex" : "long double _Complex";
}

typedata_type declare_at(typedata* types, const ffi_type& type, int depth);

typedata_type record(typedata* types, const ffi_type& type, int depth) {
  const typedata_type made = typedata_add_record(types, false, "", type.size, 0);
  if (made == TYPEDATA_NONE || depth >= deepest || !tells_layout(type)) return made;
  std::size_t offset = 0;
  for (ffi_type* const* element = type.elements; *element != nullptr; ++element) {
    offset = aligned(offset, (*element)->alignment);
    const typedata_type member = declare_at(types, **element, depth + 1);
    if (!typedata_add_member(types, made, "", member, offset * 8, 0)) return TYPEDATA_NONE;
    offset += (*element)->size;
  }
  return made;
}

typedata_type declare_at(typedata* types, const ffi_type& type, int depth) {
  switch (type.type) {
    case FFI_TYPE_VOID:
      return TYPEDATA_VOID;
    case FFI_TYPE_INT:
    case FFI_TYPE_SINT8:
    case FFI_TYPE_SINT16:
    case FFI_TYPE_SINT32:
    case FFI_TYPE_SINT64:
      return integer(types, type.size, true);
    case FFI_TYPE_UINT8:
    case FFI_TYPE_UINT16:
    case FFI_TYPE_UINT32:
    case FFI_TYPE_UINT64:
      return integer(types, type.size, false);
    case FFI_TYPE_FLOAT:
      return typedata_add_base(types, "float", type.size, floating);
    case FFI_TYPE_DOUBLE:
      return typedata_add_base(types, "double", type.size, floating);
#if FFI_TYPE_LONGDOUBLE != FFI_TYPE_DOUBLE
    case FFI_TYPE_LONGDOUBLE:
      return typedata_add_base(types, "long double", type.size, floating);
#endif
    case FFI_TYPE_COMPLEX:
      return typedata_add_base(types, complex_name(type.size), type.size, complex_float);
    case FFI_TYPE_POINTER:
      return typedata_add_pointer(types, TYPEDATA_VOID);
    case FFI_TYPE_STRUCT:
      return record(types, type, depth);
    default:
      return TYPEDATA_NONE;
  }
}

std::string printed(const typedata* types, typedata_type type, const char* name) {
  char text[256];
  const std::size_t length = typedata_print(types, type, name, text, sizeof text);
  return length < sizeof text ? std::string(text, length) : std::string(text) + "…";
}

// A structure has no name here, and its members would fill the line.
std::string argument_as_c(typedata* types, const ffi_type& type) {
  if (type.type == FFI_TYPE_STRUCT) return "struct of " + std::to_string(type.size) + " bytes";
  return printed(types, declare(types, type), "");
}

bool has_pointer(const ffi_type& type, int depth) {
  if (type.type != FFI_TYPE_STRUCT) return type.type == FFI_TYPE_POINTER;
  if (type.elements == nullptr || depth >= deepest) return true;
  for (ffi_type* const* element = type.elements; *element != nullptr; ++element)
    if (has_pointer(**element, depth + 1)) return true;
  return false;
}

}  // namespace

bool tells_layout(const ffi_type& type) {
  if (type.type != FFI_TYPE_STRUCT || type.elements == nullptr || *type.elements == nullptr)
    return false;
  std::size_t offset = 0;
  std::size_t count = 0;
  for (ffi_type* const* element = type.elements; *element != nullptr; ++element) {
    if (++count > most_elements) return false;
    if (type.size > 16 && has_pointer(**element, 0)) return false;
    offset = aligned(offset, (*element)->alignment) + (*element)->size;
  }
  return aligned(offset, type.alignment) == type.size;
}

typedata_type declare(typedata* types, const ffi_type& type) {
  return declare_at(types, type, 0);
}

std::string as_c(const ffi_cif& cif, unsigned fixed, const char* name) {
  const Typedata types(typedata_new());
  if (!types) return name;
  std::string text = argument_as_c(types.get(), *cif.rtype);
  text.append(text.ends_with('*') ? "" : " ").append(name) += '(';
  for (unsigned i = 0; i < cif.nargs; ++i) {
    if (i != 0) text += ", ";
    if (i == fixed) text += "..., ";
    text += argument_as_c(types.get(), *cif.arg_types[i]);
  }
  if (cif.nargs == fixed) text += ", ...";
  return text + (cif.nargs == 0 ? "void)" : ")");
}

}  // namespace splitstrip::ffi
