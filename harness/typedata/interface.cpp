#include "typedata/interface.h"

#include <algorithm>

namespace splitstrip {
namespace {

constexpr std::uint64_t largest_size = std::uint64_t{1} << 48;

}  // namespace

std::string Interface::qualified(ScopeId scope, std::string_view name) const {
  std::vector<std::string_view> parts;
  for (ScopeId at = scope; at != no_scope; at = scopes[at].parent) {
    if (!scopes[at].name.empty()) parts.push_back(scopes[at].name);
  }
  std::string text;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) text.append(*part).append("::");
  return text.append(name);
}

TypeId strip(const Interface& from, TypeId id, bool aliases) {
  while (id != void_type &&
         (is_qualifier(from.type(id).kind) || (aliases && from.type(id).kind == TypeKind::alias))) {
    id = from.type(id).target;
  }
  return id;
}

std::optional<std::uint64_t> size_of(const Interface& from, TypeId id) {
  std::uint64_t count = 1;
  for (;;) {
    id = strip(from, id, true);
    if (id == void_type) return std::nullopt;
    const Type& type = from.type(id);
    std::optional<std::uint64_t> size = type.size;
    switch (type.kind) {
      case TypeKind::array:
        if (size) break;
        for (const auto& dimension : type.counts) {
          if (!dimension) return std::nullopt;
          if (__builtin_mul_overflow(count, *dimension, &count) || count > largest_size) {
            return std::nullopt;
          }
        }
        id = type.target;
        continue;
      case TypeKind::pointer:
      case TypeKind::reference:
      case TypeKind::rvalue_reference:
      case TypeKind::unspecified:
        if (!size) size = from.address_size;
        break;
      case TypeKind::member_pointer: {
        const TypeId target = strip(from, type.target, true);
        const bool code = target != void_type && from.type(target).kind == TypeKind::function;
        if (!size) size = from.address_size * (code ? 2U : 1U);
        break;
      }
      case TypeKind::function:
        return std::nullopt;
      default:
        if (type.declaration) return std::nullopt;
        if (!size && type.kind == TypeKind::enumeration) return size_of(from, type.target);
        break;
    }
    if (!size) return std::nullopt;
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(count, *size, &bytes) || bytes > largest_size) return std::nullopt;
    return bytes;
  }
}

}  // namespace splitstrip
