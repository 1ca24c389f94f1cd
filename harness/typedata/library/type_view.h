// Types, wherever they come from: what describing, printing and comparing is built on.
//
// There are two: DwarfTypes, out of a library, and DeclaredTypes, which a caller adds to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "typedata/library/typedata.h"

namespace splitstrip::library {

class TypeView {
 public:
  TypeView() = default;
  TypeView(const TypeView&) = delete;
  TypeView& operator=(const TypeView&) = delete;
  virtual ~TypeView() = default;

  // As recorded: `size` may be unknown where it follows from the target, and `count` is not told.
  // false if there is no such type; void is one.
  virtual bool node(typedata_type type, typedata_info& info) const = 0;
  // Writes up to `capacity` items and returns how many there are.
  virtual std::size_t items(typedata_type type, typedata_item* items,
                            std::size_t capacity) const = 0;
  // Structures, unions, enumerations and typedefs.
  virtual typedata_type find_type(std::string_view name) const = 0;
  // In bytes.
  virtual unsigned pointer_size() const = 0;
};

// What node() says, with everything filled in.
bool describe(const TypeView& types, typedata_type type, typedata_info& info);

// In bytes; TYPEDATA_UNKNOWN for void, functions, what is incomplete, and above 2^48.
std::uint64_t size_of(const TypeView& types, typedata_type type);

// What it has to be aligned to in bytes, as the ABI or the source wants it; 1 where not known.
std::uint64_t alignment_of(const TypeView& types, typedata_type type);

// Follows qualifiers and, with `aliases`, typedefs. TYPEDATA_NONE for what goes round in circles.
typedata_type strip(const TypeView& types, typedata_type type, bool aliases);

constexpr bool is_qualifier(typedata_kind kind) {
  return kind == TYPEDATA_KIND_CONST || kind == TYPEDATA_KIND_VOLATILE ||
         kind == TYPEDATA_KIND_RESTRICT || kind == TYPEDATA_KIND_ATOMIC;
}
constexpr bool is_record(typedata_kind kind) {
  return kind == TYPEDATA_KIND_STRUCT || kind == TYPEDATA_KIND_UNION;
}
constexpr bool is_pointer(typedata_kind kind) {
  return kind == TYPEDATA_KIND_POINTER || kind == TYPEDATA_KIND_REFERENCE;
}

}  // namespace splitstrip::library
