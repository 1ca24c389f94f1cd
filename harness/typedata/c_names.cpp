#include "typedata/c_names.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace splitstrip {
namespace {

// Keywords of C17 and of GNU C, types that both compilers know by themselves, and the macros that
// -std=gnu17 predefines outside of the reserved name space. In order, for binary search.
constexpr std::array<std::string_view, 96> reserved{
    "_Accum",
    "_Alignas",
    "_Alignof",
    "_Atomic",
    "_BitInt",
    "_Bool",
    "_Complex",
    "_Decimal128",
    "_Decimal32",
    "_Decimal64",
    "_ExtInt",
    "_Float128",
    "_Float128x",
    "_Float16",
    "_Float32",
    "_Float32x",
    "_Float64",
    "_Float64x",
    "_Fract",
    "_Generic",
    "_Imaginary",
    "_Noreturn",
    "_Pragma",
    "_Sat",
    "_Static_assert",
    "_Thread_local",
    "__FUNCTION__",
    "__PRETTY_FUNCTION__",
    "__alignof",
    "__asm",
    "__attribute",
    "__auto_type",
    "__bf16",
    "__complex",
    "__const",
    "__extension__",
    "__float128",
    "__float80",
    "__func__",
    "__fp16",
    "__ibm128",
    "__ieee128",
    "__imag",
    "__inline",
    "__int128",
    "__label__",
    "__null",
    "__real",
    "__restrict",
    "__seg_fs",
    "__seg_gs",
    "__signed",
    "__thread",
    "__typeof",
    "__volatile",
    "asm",
    "auto",
    "break",
    "case",
    "char",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extern",
    "float",
    "for",
    "goto",
    "i386",
    "if",
    "inline",
    "int",
    "linux",
    "long",
    "register",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "typedef",
    "typeof",
    "union",
    "unix",
    "unsigned",
    "va_arg",
    "vector",
    "void",
    "volatile",
    "while",
};

constexpr bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_reserved(const std::string& name) {
  // __x__ is how compilers name their macros.
  return std::binary_search(reserved.begin(), reserved.end(), std::string_view(name)) ||
         name.starts_with("__builtin_") || name.starts_with("__sync_") ||
         name.starts_with("__atomic_") || name.starts_with("__c11_") ||
         (name.size() > 4 && name.starts_with("__") && name.ends_with("__"));
}

bool is_tagged(TypeKind kind) {
  return is_record(kind) || kind == TypeKind::enumeration;
}

// Through arrays and qualifiers, to what is written out together with a member or a typedef.
TypeId core(const Interface& interface, TypeId id) {
  while (id != void_type &&
         (is_qualifier(interface.type(id).kind) ||
          (interface.type(id).kind == TypeKind::array && !interface.type(id).vector))) {
    id = interface.type(id).target;
  }
  return id;
}

// Which anonymous records and enumerations must have a tag: those that are used in more than one
// place, or from a place where C declares nothing, as behind a pointer.
std::vector<bool> in_need_of_tag(const Interface& interface) {
  std::vector<std::uint8_t> uses(interface.types.size(), 0);
  const auto use = [&](TypeId id, std::uint8_t weight) {
    if (id != void_type) uses[id] = static_cast<std::uint8_t>(std::min(2, uses[id] + weight));
  };
  for (const Type& type : interface.types) {
    if (is_record(type.kind)) {
      for (const Member& member : type.members) {
        // An anonymous member must stay one for its members to be reached: written out each time.
        const bool unnamed = member.name.empty() && !member.base_class;
        // With an enumeration in it, writing it out twice would define the enumerators twice.
        const TypeId inner = core(interface, member.type);
        const bool enumeration =
            inner != void_type && interface.type(inner).kind == TypeKind::enumeration;
        use(inner, enumeration ? 2 : unnamed ? 0 : 1);
      }
    } else if (type.kind == TypeKind::alias) {
      use(core(interface, type.target), 1);
    } else if (!is_qualifier(type.kind) && (type.kind != TypeKind::array || type.vector)) {
      use(core(interface, type.target), 2);
      for (const Parameter& parameter : type.parameters) use(core(interface, parameter.type), 2);
    }
  }
  for (const Function& function : interface.functions) {
    use(core(interface, function.returns), 2);
    for (const Parameter& parameter : function.parameters) use(core(interface, parameter.type), 2);
  }
  for (const Object& object : interface.objects) use(core(interface, object.type), 2);
  std::vector<bool> needed(uses.size());
  std::transform(uses.begin(), uses.end(), needed.begin(), [](auto count) { return count > 1; });
  return needed;
}

}  // namespace

std::string c_identifier(std::string_view name) {
  std::string identifier;
  identifier.reserve(name.size() + 2);
  if (name.empty() || digit(name.front())) identifier.push_back('_');
  for (const char c : name) identifier.push_back(letter(c) || digit(c) ? c : '_');
  if (is_reserved(identifier)) identifier.push_back(identifier.ends_with("_") ? 'x' : '_');
  return identifier;
}

std::string c_comment(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    // Nothing that opens or closes a comment, continues the line or makes a trigraph.
    const char last = safe.empty() ? ' ' : safe.back();
    if ((c == '/' && (last == '*' || last == '/')) || (c == '*' && last == '/'))
      safe.push_back(' ');
    safe.push_back(static_cast<unsigned char>(c) < ' ' || c == '\\' || c == 127 ? '?' : c);
  }
  return safe;
}

std::string CNames::Names::unused(const std::string& wanted) {
  if (taken.insert(wanted).second) return wanted;
  for (std::size_t& number = last.try_emplace(wanted, 1).first->second;;) {
    std::string name = fmt::format("{}__{}", wanted, ++number);
    if (taken.insert(name).second) return name;
  }
}

CNames::CNames(const Interface& interface)
    : types_(interface.types.size()), enumerators_(interface.types.size()) {
  // Functions and objects first; what has to give way then is a typedef or an enumerator.
  // NAME@VERSION has the plain name if no other version of it has.
  const auto symbol = [&](std::string_view name) {
    const std::string plain = c_identifier(name.substr(0, name.find('@')));
    return ordinary_.unused(ordinary_.taken.contains(plain) ? c_identifier(name) : plain);
  };
  for (const Function& function : interface.functions)
    functions_.push_back(symbol(function.symbol()));
  for (const Object& object : interface.objects) objects_.push_back(symbol(object.symbol()));
  const std::vector<bool> needed = in_need_of_tag(interface);
  // Definitions first: where there is a definition and a declaration of one name, that keeps it.
  for (const bool declarations : {false, true}) {
    for (TypeId id = 0; id < interface.types.size(); ++id) {
      const Type& type = interface.type(id);
      if (type.declaration != declarations) continue;
      const std::string name =
          type.name.empty() ? "" : c_identifier(interface.qualified(type.scope, type.name));
      if (type.kind == TypeKind::alias) {
        const bool builtin = type.name.starts_with("__builtin_");
        types_[id] = builtin ? std::string(type.name) : ordinary_.unused(name.empty() ? "_" : name);
        typedefs_.insert(types_[id]);
      } else if (is_tagged(type.kind) && !name.empty()) {
        types_[id] = tags_.unused(name);
      } else if (is_tagged(type.kind) && (needed[id] || declarations)) {
        need_tag(id);
      }
    }
  }
  for (TypeId id = 0; id < interface.types.size(); ++id) {
    for (const Enumerator& enumerator : interface.type(id).enumerators) {
      enumerators_[id].push_back(ordinary_.unused(c_identifier(enumerator.name)));
    }
  }
}

void CNames::need_tag(TypeId id) {
  if (types_[id].empty()) types_[id] = tags_.unused(fmt::format("anonymous_{}", ++anonymous_));
}

}  // namespace splitstrip
