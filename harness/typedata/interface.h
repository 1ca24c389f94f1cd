// What a library exports, as typedata tells it: functions, objects and every type they reach.
//
// This is the reading side's model, made by load_interface() (typedata/load.h) and only read
// afterwards. Names are views into the DWARF it was read from and live as long as that.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace splitstrip {

// An index into Interface::types.
using TypeId = std::uint32_t;
inline constexpr TypeId void_type = std::numeric_limits<TypeId>::max();

// An index into Interface::scopes: a namespace or an enclosing class.
using ScopeId = std::uint32_t;
inline constexpr ScopeId no_scope = std::numeric_limits<ScopeId>::max();

enum class TypeKind : std::uint8_t {
  base,         // DW_TAG_base_type
  unspecified,  // DW_TAG_unspecified_type: decltype(nullptr)
  pointer,
  reference,         // C++ T&
  rvalue_reference,  // C++ T&&
  member_pointer,    // C++ T C::*
  const_qualified,
  volatile_qualified,
  restrict_qualified,
  atomic_qualified,
  alias,      // DW_TAG_typedef
  structure,  // C struct, C++ struct and class
  union_,
  enumeration,
  array,
  function,  // DW_TAG_subroutine_type
};

struct Member {
  std::string_view name;  // empty for an anonymous member and for a base class
  TypeId type = void_type;
  // From the start of the record, in bits in the order of memory; absent for a virtual base class.
  std::optional<std::uint64_t> bit_offset;
  std::optional<std::uint64_t> bit_size;   // of a bit-field
  std::optional<std::uint64_t> alignment;  // in bytes, where it was asked for in the source
  bool base_class = false;
};

struct Enumerator {
  std::string_view name;
  std::uint64_t value = 0;  // two's complement
  bool negative = false;
};

struct Parameter {
  std::string_view name;  // may be empty
  TypeId type = void_type;
};

// How a record is handed to a function and returned.
enum class PassedAs : std::uint8_t {
  value,
  address,  // of a copy: a class of C++ that takes more to copy than its bytes
  untold    // a class of C++ of which its DWARF does not say
};

struct Type {
  TypeKind kind = TypeKind::base;
  std::string_view name;
  ScopeId scope = no_scope;
  // What is pointed to, qualified, named, the element, the returned type, or an enumeration's
  // underlying type.
  TypeId target = void_type;
  std::optional<std::uint64_t> size;       // DW_AT_byte_size
  std::optional<std::uint64_t> alignment;  // in bytes, where it was asked for in the source
  std::uint64_t encoding = 0;              // DW_ATE_* of a base type
  bool declaration = false;                // its definition is nowhere
  bool is_class = false;                   // DW_TAG_class_type
  bool vector = false;                     // a GNU vector rather than an array
  bool prototyped = true;
  bool variadic = false;
  PassedAs passed = PassedAs::value;  // a record
  std::uint32_t methods = 0;          // declared in a C++ class; not kept
  TypeId containing = void_type;      // of a member pointer
  std::vector<Member> members;
  std::vector<Enumerator> enumerators;
  std::vector<Parameter> parameters;
  std::vector<std::optional<std::uint64_t>> counts;  // per dimension; absent where unknown
};

struct Function {
  std::string_view name;          // as in the source
  std::string_view linkage_name;  // as in the symbol table where that differs, else empty
  ScopeId scope = no_scope;
  TypeId returns = void_type;
  std::vector<Parameter> parameters;
  bool variadic = false;
  bool prototyped = true;
  bool noreturn = false;

  std::string_view symbol() const { return linkage_name.empty() ? name : linkage_name; }
};

struct Object {
  std::string_view name;
  std::string_view linkage_name;
  ScopeId scope = no_scope;
  TypeId type = void_type;
  bool thread_local_storage = false;

  std::string_view symbol() const { return linkage_name.empty() ? name : linkage_name; }
};

struct Scope {
  std::string_view name;  // empty for an anonymous namespace or class
  ScopeId parent = no_scope;
};

struct Interface {
  std::vector<Type> types;  // none contains itself by value, no typedef is its own target
  std::vector<Scope> scopes;
  std::vector<Function> functions;  // sorted by symbol()
  std::vector<Object> objects;      // sorted by symbol()
  std::string producer;             // of the first unit
  std::uint16_t machine = 0;        // EM_*
  bool big_endian = false;
  unsigned address_size = 8;  // in bytes

  // "outer::inner::NAME"; an anonymous scope is left out.
  std::string qualified(ScopeId scope, std::string_view name) const;
  const Type& type(TypeId id) const { return types[id]; }
};

constexpr bool is_record(TypeKind kind) {
  return kind == TypeKind::structure || kind == TypeKind::union_;
}
// Whether C can have the record's members: one whose size is computed at run time (Ada's, by its
// discriminants) can be pointed to only.
inline bool is_complete(const Type& record) {
  return !record.declaration && record.size.has_value();
}
constexpr bool is_qualifier(TypeKind kind) {
  return kind == TypeKind::const_qualified || kind == TypeKind::volatile_qualified ||
         kind == TypeKind::restrict_qualified || kind == TypeKind::atomic_qualified;
}
constexpr bool is_pointer(TypeKind kind) {
  return kind == TypeKind::pointer || kind == TypeKind::reference ||
         kind == TypeKind::rvalue_reference;
}

// Follows qualifiers; with `aliases` typedefs as well.
TypeId strip(const Interface& from, TypeId id, bool aliases);

// In bytes; nothing for void, incomplete types and functions, and where it would not fit in 2^48.
std::optional<std::uint64_t> size_of(const Interface& from, TypeId id);

}  // namespace splitstrip
