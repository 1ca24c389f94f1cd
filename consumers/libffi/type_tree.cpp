#include "consumers/libffi/type_tree.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "consumers/libffi/eightbytes.h"
#include "consumers/libffi/items.h"

namespace splitstrip::ffi {
namespace {

// DWARF 5, 7.8.
constexpr unsigned boolean = 0x2;
constexpr unsigned complex_float = 0x3;
constexpr unsigned floating = 0x4;
constexpr unsigned signed_integer = 0x5;
constexpr unsigned signed_char = 0x6;
constexpr unsigned unsigned_integer = 0x7;
constexpr unsigned unsigned_char = 0x8;
constexpr unsigned utf = 0x10;

constexpr int deepest = 32;
constexpr std::uint64_t most_elements = 4096;  // of an array in a structure by value

std::uint64_t aligned(std::uint64_t offset, std::uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

// __float128 and the like have long double's size, but not its class.
bool is_long_double(const typedata_info& info) {
  return std::string_view(info.name).find("long double") != std::string_view::npos;
}

}  // namespace

ffi_type* TypeTree::make(const typedata* library, typedata_type type) {
  why_.clear();
  return make_at(library, type, 0);
}

ffi_type* TypeTree::no(const typedata_info& info, const char* why) {
  if (why_.empty()) why_ = (info.name[0] != '\0' ? std::string(info.name) + ' ' : "it ") + why;
  return nullptr;
}

ffi_type* TypeTree::make_at(const typedata* library, typedata_type type, int depth) {
  typedata_info info;
  const typedata_type plain = typedata_strip(library, type, true);
  if (!typedata_describe(library, plain, &info)) return no(info, "cannot be read");
  if (depth > deepest) return no(info, "is nested too deeply");
  switch (info.kind) {
    case TYPEDATA_KIND_VOID:
      return &ffi_type_void;
    case TYPEDATA_KIND_BASE:
      return base(info);
    case TYPEDATA_KIND_ENUM:
      return integer(info, info.encoding == signed_integer);
    case TYPEDATA_KIND_UNSPECIFIED:
    case TYPEDATA_KIND_POINTER:
    case TYPEDATA_KIND_REFERENCE:
      return &ffi_type_pointer;
    case TYPEDATA_KIND_ARRAY:
      return array(library, plain, info, depth);
    case TYPEDATA_KIND_STRUCT:
    case TYPEDATA_KIND_UNION:
      return record(library, plain, info, depth);
    default:
      return no(info, "is of a kind that libffi does not know");
  }
}

ffi_type* TypeTree::integer(const typedata_info& info, bool is_signed) {
  switch (info.size) {
    case 1:
      return is_signed ? &ffi_type_sint8 : &ffi_type_uint8;
    case 2:
      return is_signed ? &ffi_type_sint16 : &ffi_type_uint16;
    case 4:
      return is_signed ? &ffi_type_sint32 : &ffi_type_uint32;
    case 8:
      return is_signed ? &ffi_type_sint64 : &ffi_type_uint64;
    default:
      return no(info, "is an integer of a size that libffi does not know");
  }
}

ffi_type* TypeTree::base(const typedata_info& info) {
  switch (info.encoding) {
    case boolean:
    case unsigned_integer:
    case unsigned_char:
    case utf:
      return integer(info, false);
    case signed_integer:
    case signed_char:
      return integer(info, true);
    case floating:
      if (is_long_double(info)) return &ffi_type_longdouble;
      if (info.size == sizeof(float)) return &ffi_type_float;
      if (info.size == sizeof(double)) return &ffi_type_double;
      break;
#ifdef FFI_TARGET_HAS_COMPLEX_TYPE
    case complex_float:
      if (is_long_double(info)) return &ffi_type_complex_longdouble;
      if (info.size == 2 * sizeof(float)) return &ffi_type_complex_float;
      if (info.size == 2 * sizeof(double)) return &ffi_type_complex_double;
      break;
#endif
    default:
      break;
  }
  return no(info, "is a number that libffi does not know");
}

ffi_type* TypeTree::aggregate(std::size_t size, std::size_t alignment,
                              std::vector<ffi_type*> elements) {
  elements.push_back(nullptr);
  elements_.push_back(std::move(elements));
  types_.push_back(
      {size, static_cast<unsigned short>(alignment), FFI_TYPE_STRUCT, elements_.back().data()});
  return &types_.back();
}

ffi_type* TypeTree::array(const typedata* library, typedata_type type, const typedata_info& info,
                          int depth) {
  if ((info.flags & TYPEDATA_VECTOR) != 0) return no(info, "is a vector");
  ffi_type* const element = make_at(library, info.target, depth + 1);
  if (element == nullptr) return nullptr;
  if (info.size == TYPEDATA_UNKNOWN || element->size == 0 || info.size % element->size != 0)
    return no(info, "is an array whose length is not told");
  const std::uint64_t count = info.size / element->size;
  if (count == 0 || count > most_elements || type == TYPEDATA_NONE)
    return no(info, "is an array of too many elements, or of none");
  return aggregate(info.size, element->alignment, std::vector<ffi_type*>(count, element));
}

// The members one after the other, if that is where they are.
ffi_type* TypeTree::as_it_lies(const typedata* library, const std::vector<typedata_item>& members,
                               const typedata_info& info, int depth) {
  std::vector<ffi_type*> elements;
  std::uint64_t end = 0;
  std::uint64_t alignment = 1;
  for (const typedata_item& member : members) {
    if (member.bit_size != 0) return no(info, "has bit-fields");
    ffi_type* const element = make_at(library, member.type, depth + 1);
    if (element == nullptr) return nullptr;
    end = aligned(end, element->alignment);
    if (end * 8 != member.bit_offset) return no(info, "is laid out by attributes");
    end += element->size;
    alignment = std::max<std::uint64_t>(alignment, element->alignment);
    elements.push_back(element);
  }
  if (aligned(end, alignment) != info.size || elements.empty())
    return no(info, "is laid out by attributes, or empty");
  return aggregate(info.size, alignment, std::move(elements));
}

ffi_type* TypeTree::record(const typedata* library, typedata_type type, const typedata_info& info,
                           int depth) {
  if ((info.flags & TYPEDATA_DECLARATION) != 0) return no(info, "is not defined anywhere");
  if ((info.flags & TYPEDATA_NONTRIVIAL) != 0)
    return no(info, "is a C++ object that is passed by invisible reference");
  if ((info.flags & TYPEDATA_PASSING_UNTOLD) != 0)
    return no(info, "is a C++ object that may be passed by invisible reference");
  const std::vector<typedata_item> members = items_of(library, type);
  if (info.kind == TYPEDATA_KIND_STRUCT)
    if (ffi_type* const made = as_it_lies(library, members, info, depth)) return made;
  if (std::optional<Substitute> made = substitute(library, type)) {
    why_.clear();
    return aggregate(info.size, made->alignment, std::move(made->elements));
  }
  return no(info, "has a layout that libffi has no words for");
}

}  // namespace splitstrip::ffi
