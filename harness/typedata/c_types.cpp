#include "typedata/c_types.h"

#include <algorithm>
#include <utility>

#include <elf.h>
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
      name += parameters(type.parameters, type.variadic, type.prototyped, type.target);
      switch (result_of(type.target)) {
        case Result::same:
          id = type.target;
          break;
        case Result::place:
          id = void_type;
          break;
        case Result::pointer:
          name.insert(0, "*");
          id = type.target;
          break;
        case Result::elsewhere:
          return counted(result_elsewhere(type.target) + " " + name);
      }
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
  const TypeId real = strip(interface_, id, true);
  if (real == void_type) return name.empty() ? "int" : "int " + name;
  const Type& type = interface_.type(real);
  if (is_record(type.kind) && type.passed != PassedAs::value && !type.declaration)
    return record_parameter(id, type.passed, std::move(name));
  return declare(id, std::move(name));
}

// What C++ passes by the address of a copy is a pointer in C. Of what may be passed in either way,
// no call is right: its type is one that is defined nowhere.
std::string CTypes::record_parameter(TypeId id, PassedAs passed, std::string name) {
  if (passed == PassedAs::address) return declare(id, "*" + name) + " /* as C++ passes it */";
  std::string text = uncallable(id, "cxx_passing_unknown", "in C++ passed by value or by address");
  return name.empty() ? text : text + " " + name;
}

std::string CTypes::uncallable(TypeId what, std::string_view tag, std::string_view why) {
  prologue_[std::string(tag)] =
      fmt::format("struct {};  /* {}: not to be called from C */\n", tag, why);
  // Not one without a name written out, which has comments of its own.
  const std::string name = c_comment(declare(what, ""));
  return fmt::format("struct {} /* {} */", tag, name);
}

// Itanium C++ ABI, 3.1.3: the place for the result comes as if it were the first parameter. Where
// that differs from what C does with a structure, it is the machine's own affair.
CTypes::Result CTypes::result_of(TypeId returned) const {
  const TypeId real = strip(interface_, returned, true);
  if (real == void_type || !is_record(interface_.type(real).kind)) return Result::same;
  const Type& type = interface_.type(real);
  if (type.passed == PassedAs::value || type.declaration) return Result::same;
  switch (interface_.machine) {
    case EM_386:  // returns all structures so
      return Result::same;
    case EM_X86_64: {
      constexpr std::uint64_t in_registers =
          16;  // bytes; what is larger is returned so in any case
      const bool large = size_of(interface_, real).value_or(0) > in_registers;
      if (type.passed == PassedAs::untold) return large ? Result::same : Result::elsewhere;
      return Result::pointer;
    }
    case EM_ARM:
    case EM_MIPS:
    case EM_PPC:
    case EM_PPC64:
    case EM_RISCV:
    case EM_S390:
      return type.passed == PassedAs::untold ? Result::elsewhere : Result::place;
    default:  // aarch64 has a register of its own for it
      return Result::elsewhere;
  }
}

std::string CTypes::result_elsewhere(TypeId returned) {
  const TypeId real = strip(interface_, returned, true);
  if (interface_.type(real).passed == PassedAs::untold)
    return uncallable(returned, "cxx_passing_unknown", "in C++ passed by value or by address");
  return uncallable(returned, "cxx_result_elsewhere", "returned where C++ on this machine has it");
}

std::string CTypes::parameters(const std::vector<Parameter>& list, bool variadic, bool prototyped,
                               TypeId returned) {
  std::unordered_set<std::string> taken;
  std::string text;
  const Result result = result_of(returned);
  if (result == Result::place || result == Result::pointer) {
    const bool hides = names_.is_typedef("result");
    taken.insert(hides ? "result_" : "result");
    text =
        declare(returned, hides ? "*result_" : "*result") + " /* its place, as C++ returns it */";
  }
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
  if (text.empty()) return variadic ? "()" : "(void)";
  return "(" + text + (variadic ? ", ...)" : ")");
}

std::string CTypes::declare_function(const std::string& name, const Function& function) {
  std::string declarator = name + parameters(function.parameters, function.variadic,
                                             function.prototyped, function.returns);
  const TypeId returned = strip(interface_, function.returns, true);
  if (returned != void_type &&
      (interface_.type(returned).kind == TypeKind::function ||
       (interface_.type(returned).kind == TypeKind::array && !interface_.type(returned).vector))) {
    // Other languages return arrays; the caller passes their place then.
    return "void *" + declarator;
  }
  switch (result_of(function.returns)) {
    case Result::place:
      return "void " + declarator;
    case Result::pointer:
      return declare(function.returns, "*" + declarator);
    case Result::elsewhere:
      return counted(result_elsewhere(function.returns) + " " + declarator);
    case Result::same:
      break;
  }
  return declare(function.returns, std::move(declarator));
}

}  // namespace splitstrip
