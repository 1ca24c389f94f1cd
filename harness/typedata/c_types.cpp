#include "typedata/c_types.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "facts/error.h"
#include "typedata/c_depth.h"

namespace splitstrip {
namespace {

std::string_view qualifier(TypeKind kind) {
  switch (kind) {
    case TypeKind::const_qualified:
      return "const";
    case TypeKind::volatile_qualified:
      return "volatile";
    case TypeKind::restrict_qualified:
      return "restrict";
    default:
      return "_Atomic";
  }
}

}  // namespace

CTypes::CTypes(const Interface& interface, CNames& names, std::string file, std::uint64_t most)
    : interface_(interface),
      names_(names),
      layout_(interface),
      file_(std::move(file)),
      left_(most) {}

std::string CTypes::counted(std::string text) {
  if (text.size() > left_) {
    throw Error::of(
        "{}: its types come to too much text: the file is damaged, build or fetch it again", file_);
  }
  left_ -= text.size();
  return text;
}

std::string_view CTypes::keyword(TypeKind kind) {
  switch (kind) {
    case TypeKind::union_:
      return "union ";
    case TypeKind::enumeration:
      return "enum ";
    default:
      return "struct ";
  }
}

bool CTypes::va_list_tag(TypeId id) const {
  return id != void_type && is_record(interface_.type(id).kind) &&
         interface_.type(id).name == "__va_list_tag";
}

std::string CTypes::specifier(TypeId id, std::size_t indent) {
  if (id == void_type) return "void";
  const Type& type = interface_.type(id);
  switch (type.kind) {
    case TypeKind::base:
      return base(type);
    case TypeKind::unspecified:
      return "void";
    case TypeKind::alias:
      return names_.type(id);
    default:
      if (names_.type(id).empty()) return definition(id, indent);
      return std::string(keyword(type.kind)) + names_.type(id);
  }
}

std::string CTypes::dimensions(const Type& array, bool zero) const {
  std::string text;
  for (const auto& count : array.counts) {
    if (count) {
      text += fmt::format("[{}]", *count);
    } else {
      // Only the first may be left open in C.
      text += text.empty() && !zero ? "[]" : "[0]";
    }
  }
  return text;
}

std::string CTypes::declare(TypeId id, std::string name) {
  return declare(id, std::move(name), 0);
}

// From the outside of the type inwards, as `name` grows into a declarator: C writes what is done
// with a name around it (C17, 6.7.6).
std::string CTypes::declare(TypeId id, std::string name, std::size_t indent) {
  const Depth depth(*this);
  std::vector<std::string_view> qualifiers;
  std::size_t steps = 0;
  const auto qualify = [&](std::string_view word) {
    if (std::find(qualifiers.begin(), qualifiers.end(), word) == qualifiers.end())
      qualifiers.push_back(word);
  };
  bool behind_array = false;
  for (;;) {
    if (++steps > deepest_in_c) {
      throw Error::of("{}: its types are nested too deeply for C: use '--format json'", file_);
    }
    const TypeKind kind = id == void_type ? TypeKind::base : interface_.type(id).kind;
    if (is_qualifier(kind)) {
      qualify(qualifier(kind));
      id = interface_.type(id).target;
    } else if (is_pointer(kind) || kind == TypeKind::member_pointer ||
               kind == TypeKind::unspecified) {
      const Type& type = interface_.type(id);
      std::string star = "*";
      for (const std::string_view word : qualifiers) star.append(" ").append(word);
      if (!qualifiers.empty() && !name.empty()) star += " ";
      qualifiers.clear();
      if (kind == TypeKind::member_pointer) {
        // Itanium C++ ABI, 2.3: a ptrdiff_t, or a pair for a function.
        const TypeId target = strip(interface_, type.target, true);
        const bool code = target != void_type && interface_.type(target).kind == TypeKind::function;
        std::string word = "__PTRDIFF_TYPE__";
        if (code) {
          word = "cxx_member_function_pointer";
          prologue_[word] =
              "typedef struct { __PTRDIFF_TYPE__ pointer, adjustment; } " + word + ";\n";
        }
        return counted(word + (name.empty() || name.front() == '[' ? "" : " ") + name);
      }
      name.insert(0, star);
      id = kind == TypeKind::unspecified ? void_type : type.target;
      const TypeId inner = strip(interface_, id, false);
      const TypeKind inner_kind = inner == void_type ? TypeKind::base : interface_.type(inner).kind;
      if (inner_kind == TypeKind::function ||
          (inner_kind == TypeKind::array && !interface_.type(inner).vector)) {
        name = "(" + name + ")";
      }
      behind_array = false;
    } else if (kind == TypeKind::array && !interface_.type(id).vector) {
      // Qualifiers of an array are those of its elements.
      const Type& type = interface_.type(id);
      name += dimensions(type, behind_array);
      behind_array = true;
      id = type.target;
    } else if (kind == TypeKind::function) {
      // gcc describes noreturn and const functions as qualified function types.
      const Type& type = interface_.type(id);
      qualifiers.clear();
      name += parameters(type.parameters, type.variadic, type.prototyped);
      id = type.target;
    } else {
      break;
    }
    if (name.size() > left_) counted(name);
  }
  std::string text;
  for (const std::string_view word : qualifiers) {
    // What is not a pointer cannot be restricted; a typedef may be of one.
    const TypeId real = strip(interface_, id, true);
    const bool pointer = real != void_type && is_pointer(interface_.type(real).kind);
    if (word == "restrict" && !pointer) continue;
    if (word == "_Atomic" && id == void_type) continue;
    text.append(word).append(" ");
  }
  if (id != void_type && interface_.type(id).kind == TypeKind::array) {
    const Type& vector = interface_.type(id);
    text += fmt::format("__attribute__((vector_size({}))) {}", size_of(interface_, id).value_or(16),
                        declare(vector.target, "", indent));
  } else {
    text += specifier(id, indent);
  }
  if (!name.empty()) text.append(name.front() == '[' ? "" : " ").append(name);
  return counted(std::move(text));
}

std::string CTypes::parameter(const Parameter& parameter, std::unordered_set<std::string>& taken) {
  std::string name = parameter.name.empty() ? "" : c_identifier(parameter.name);
  // The name of a typedef would hide the typedef from the parameters that follow.
  if (names_.is_typedef(name)) name += "_";
  if (!name.empty() && !taken.insert(name).second) name.clear();
  TypeId id = parameter.type;
  if (id != void_type && is_pointer(interface_.type(id).kind) &&
      va_list_tag(interface_.type(id).target)) {
    return name.empty() ? "__builtin_va_list" : "__builtin_va_list " + name;
  }
  if (strip(interface_, id, true) == void_type) return name.empty() ? "int" : "int " + name;
  return declare(id, std::move(name));
}

std::string CTypes::parameters(const std::vector<Parameter>& list, bool variadic, bool prototyped) {
  std::unordered_set<std::string> taken;
  std::string text;
  for (const Parameter& each : list) {
    text.append(text.empty() ? "" : ", ").append(parameter(each, taken));
    if (text.size() > left_) counted(text);
  }
  if (!prototyped) {
    // Without a prototype arguments are promoted, so types in the list would be wrong (6.5.2.2).
    if (text.empty()) return "()";
    if (text.find("/*") != std::string::npos) return "()";
    return "(/* " + text + " */)";
  }
  if (list.empty()) return variadic ? "()" : "(void)";
  return "(" + text + (variadic ? ", ...)" : ")");
}

std::string CTypes::declare_function(const std::string& name, const Function& function) {
  std::string declarator =
      name + parameters(function.parameters, function.variadic, function.prototyped);
  const TypeId returned = strip(interface_, function.returns, true);
  if (returned != void_type &&
      (interface_.type(returned).kind == TypeKind::function ||
       (interface_.type(returned).kind == TypeKind::array && !interface_.type(returned).vector))) {
    // Other languages return arrays; the caller passes their place then.
    return "void *" + declarator;
  }
  return declare(function.returns, std::move(declarator));
}

}  // namespace splitstrip
