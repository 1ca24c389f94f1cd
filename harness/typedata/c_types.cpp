#include "typedata/c_types.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <dwarf.h>
#include <elf.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::size_t deepest = 200;

bool known_in_c(std::string_view name) {
  // As gcc and clang name C's own types.
  static constexpr std::array<std::string_view, 41> names{"_Bool",
                                                          "_Decimal128",
                                                          "_Decimal32",
                                                          "_Decimal64",
                                                          "_Float16",
                                                          "__bf16",
                                                          "__int128",
                                                          "__int128 unsigned",
                                                          "__int128_t",
                                                          "__uint128_t",
                                                          "char",
                                                          "double",
                                                          "float",
                                                          "int",
                                                          "long",
                                                          "long double",
                                                          "long int",
                                                          "long long",
                                                          "long long int",
                                                          "long long unsigned int",
                                                          "long unsigned int",
                                                          "short",
                                                          "short int",
                                                          "short unsigned int",
                                                          "signed char",
                                                          "unsigned",
                                                          "unsigned __int128",
                                                          "unsigned char",
                                                          "unsigned int",
                                                          "unsigned long",
                                                          "unsigned long int",
                                                          "unsigned long long",
                                                          "unsigned long long int",
                                                          "unsigned short",
                                                          "unsigned short int",
                                                          "signed",
                                                          "signed int",
                                                          "signed long",
                                                          "signed short",
                                                          "signed long long",
                                                          "signed __int128"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string indented(std::size_t indent) {
  return std::string(indent * 2, ' ');
}

std::string attributes(bool packed, std::uint64_t aligned) {
  if (packed && aligned != 0) return fmt::format(" __attribute__((packed, aligned({})))", aligned);
  if (packed) return " __attribute__((packed))";
  if (aligned != 0) return fmt::format(" __attribute__((aligned({})))", aligned);
  return "";
}

std::string constant(const Enumerator& enumerator) {
  if (enumerator.negative) {
    const auto value = static_cast<std::int64_t>(enumerator.value);
    if (value == std::numeric_limits<std::int64_t>::min()) return "(-9223372036854775807LL - 1)";
    return fmt::format("{}{}", value, value < std::numeric_limits<std::int32_t>::min() ? "LL" : "");
  }
  if (enumerator.value > std::numeric_limits<std::int64_t>::max()) {
    return fmt::format("{}ULL", enumerator.value);
  }
  if (enumerator.value > std::numeric_limits<std::uint32_t>::max()) {
    return fmt::format("{}LL", enumerator.value);
  }
  if (enumerator.value > std::numeric_limits<std::int32_t>::max()) {
    return fmt::format("{}U", enumerator.value);
  }
  return fmt::format("{}", enumerator.value);
}

std::string_view keyword(TypeKind kind) {
  switch (kind) {
    case TypeKind::union_:
      return "union ";
    case TypeKind::enumeration:
      return "enum ";
    default:
      return "struct ";
  }
}

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

// `bits` of padding up to bit `end`. Unnamed bit-fields of one byte's type may stand anywhere
// within a byte and align nothing.
std::string padding(std::uint64_t end, std::uint64_t bits, const std::string& indent,
                    std::size_t& number) {
  std::string text;
  const std::uint64_t head = std::min(bits, (8 - (end - bits) % 8) % 8);
  if (head != 0) text += fmt::format("{}unsigned char : {};\n", indent, head);
  bits -= head;
  if (bits >= 8)
    text += fmt::format("{}unsigned char padding_{}[{}];\n", indent, ++number, bits / 8);
  if (bits % 8 != 0) text += fmt::format("{}unsigned char : {};\n", indent, bits % 8);
  return text;
}

}  // namespace

// Counts how deep the functions below are within each other; all of them recurse through it.
class CTypes::Depth {
 public:
  explicit Depth(CTypes& types) : types_(types) {
    if (types_.depth_ >= deepest) {
      throw Error::of("{}: its types are nested too deeply for C: use '--format json'",
                      types_.file_);
    }
    types_.counted(" ");  // going round and round writes nothing, but has to end as well
    ++types_.depth_;
  }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  ~Depth() { --types_.depth_; }

 private:
  CTypes& types_;
};

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

std::string CTypes::base(const Type& type) {
  const std::string name(type.name);
  const std::uint64_t size = type.size.value_or(0);
  if (known_in_c(name)) return name;
  if (name == "bool") return "_Bool";
  if (name == "wchar_t") return "__WCHAR_TYPE__";
  if (name == "char16_t") return "__CHAR16_TYPE__";
  if (name == "char32_t") return "__CHAR32_TYPE__";
  // gcc's _FloatN are distinct types that clang does not know; what they are made of, both do.
  const bool float128 = interface_.machine == EM_386 || interface_.machine == EM_X86_64;
  const std::string quad =
      name.find("128") != std::string::npos && float128 ? "__float128" : "long double";
  switch (type.encoding) {
    case DW_ATE_float:
      if (size == 4) return "float";
      if (size == 8) return "double";
      if (size == 16 || size == 12 || size == 10) return size == 16 ? quad : "long double";
      break;
    case DW_ATE_complex_float:
      if (size == 8) return "_Complex float";
      if (size == 16) return "_Complex double";
      if (size == 32 && quad == "__float128") {
        prologue_["complex_float128"] =
            "typedef _Complex float complex_float128 __attribute__((mode(TC)));\n";
        return "complex_float128";
      }
      if (size == 32 || size == 24) return "_Complex long double";
      break;
    case DW_ATE_boolean:
      if (size == 1) return "_Bool";
      [[fallthrough]];
    case DW_ATE_unsigned:
    case DW_ATE_unsigned_char:
    case DW_ATE_UTF:
    case DW_ATE_address:
      if (size == 1) return "unsigned char";
      if (size == 2) return "unsigned short";
      if (size == 4) return "unsigned int";
      if (size == 8) return interface_.address_size == 8 ? "unsigned long" : "unsigned long long";
      if (size == 16) return "unsigned __int128";
      break;
    case DW_ATE_signed:
    case DW_ATE_signed_char:
      if (size == 1) return "signed char";
      if (size == 2) return "short";
      if (size == 4) return "int";
      if (size == 8) return interface_.address_size == 8 ? "long" : "long long";
      if (size == 16) return "__int128";
      break;
    default:
      break;
  }
  const std::string bytes = fmt::format("opaque_{}_bytes", size);
  prologue_[bytes] =
      fmt::format("typedef struct {{ unsigned char bytes[{}]; }} {};\n", size, bytes);
  return bytes;
}

std::string CTypes::prologue() const {
  std::string text;
  for (const auto& [name, line] : prologue_) text += line;
  return text;
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
    if (++steps > deepest) {
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

std::string CTypes::definition(TypeId id, std::size_t indent) {
  const Depth depth(*this);
  return counted(interface_.type(id).kind == TypeKind::enumeration ? enumeration(id, indent)
                                                                   : record(id, indent));
}

bool CTypes::anonymous_member(const Member& member) const {
  const TypeId type = strip(interface_, member.type, false);
  return member.name.empty() && !member.base_class && type != void_type &&
         is_record(interface_.type(type).kind) && names_.type(type).empty();
}

std::string CTypes::field_name(const Type& type, std::size_t at,
                               std::unordered_set<std::string>& taken) const {
  const Member& member = type.members[at];
  std::string name;
  if (member.base_class) {
    const TypeId base_type = strip(interface_, member.type, true);
    name = "base_" + c_identifier(base_type == void_type ? "" : interface_.type(base_type).name);
  } else {
    name = member.name.empty() ? fmt::format("unnamed_{}", at) : c_identifier(member.name);
  }
  while (!taken.insert(name).second) name += "_";
  return name;
}

std::string CTypes::record(TypeId id, std::size_t indent) {
  const Type& type = interface_.type(id);
  const RecordPlan& plan = layout_.plan(id);
  const std::string inner = indented(indent + 1);
  std::string text(keyword(type.kind));
  text += names_.type(id);
  text += names_.type(id).empty() ? "{\n" : " {\n";
  if (type.methods != 0) {
    text += fmt::format("{}/* {} member function{} */\n", inner, type.methods,
                        type.methods == 1 ? "" : "s");
  }
  if (plan.opaque) {
    text += fmt::format("{}/* members overlap in a way that C cannot express */\n", inner);
    text += fmt::format("{}unsigned char opaque[{}];\n", inner, type.size.value_or(0));
    return text + indented(indent) + "}" + attributes(false, plan.aligned);
  }
  std::unordered_set<std::string> taken;
  std::size_t paddings = 0;
  for (const FieldPlan& field : plan.fields) {
    const Member& member = type.members[field.member];
    text += padding(*member.bit_offset, field.padding_bits, inner, paddings);
    text += inner;
    if (field.as_bytes) {
      text +=
          fmt::format("unsigned char {}[{}]", field_name(type, field.member, taken), field.bytes);
    } else if (anonymous_member(member)) {
      text += specifier(strip(interface_, member.type, false), indent + 1);
    } else {
      std::string declared =
          declare(member.type, field_name(type, field.member, taken), indent + 1);
      // A flexible array can only be the last member, and not the only one nor one of a union.
      const TypeId array = strip(interface_, member.type, false);
      const bool last = &field == &plan.fields.back() && plan.tail_bytes == 0;
      if (declared.ends_with("[]") && array != void_type &&
          interface_.type(array).kind == TypeKind::array &&
          (!last || plan.fields.size() < 2 || type.kind == TypeKind::union_)) {
        declared.insert(declared.size() - 1, "0");
      }
      text += declared;
      if (member.bit_size) text += fmt::format(" : {}", *member.bit_size);
    }
    text += attributes(false, field.aligned) + ";\n";
    if (text.size() > left_) counted(text);
  }
  if (plan.tail_bytes != 0) {
    text += fmt::format("{}unsigned char padding_{}[{}];\n", inner, ++paddings, plan.tail_bytes);
  }
  return text + indented(indent) + "}" + attributes(plan.packed, plan.aligned);
}

std::string CTypes::enumeration(TypeId id, std::size_t indent) {
  const Type& type = interface_.type(id);
  std::string text = "enum " + names_.type(id);
  text += names_.type(id).empty() ? "{\n" : " {\n";
  bool negative = false;
  std::uint64_t below = 0, above = 0;  // the largest magnitudes
  for (std::size_t at = 0; at < type.enumerators.size(); ++at) {
    const Enumerator& each = type.enumerators[at];
    const std::string& name = names_.enumerator(id, at);
    text += fmt::format("{}{} = {},", indented(indent + 1), name, constant(each));
    if (name != each.name) text += fmt::format("  /* {} */", c_comment(each.name));
    text += "\n";
    negative = negative || each.negative;
    (each.negative ? below : above) =
        each.negative ? std::max(below, ~each.value + 1) : std::max(above, each.value);
    if (text.size() > left_) counted(text);
  }
  if (type.enumerators.empty()) {
    text += fmt::format("{}{}_none,\n", indented(indent + 1),
                        names_.type(id).empty() ? fmt::format("enum_{}", id) : names_.type(id));
  }
  text += indented(indent) + "}";
  const bool wide = below > 0x80000000 || above > (negative ? 0x7fffffffU : 0xffffffffU);
  const std::uint64_t natural = wide ? 8 : 4;
  const std::uint64_t size = size_of(interface_, id).value_or(natural);
  if (size == natural) return text;
  switch (size) {
    case 1:
      return text + " __attribute__((mode(QI)))";
    case 2:
      return text + " __attribute__((mode(HI)))";
    case 4:
      return text + " __attribute__((mode(SI)))";
    case 8:
      return text + " __attribute__((mode(DI)))";
    default:
      return text;
  }
}

void CTypes::member_assertions(TypeId id, const std::string& record, const std::string& path,
                               std::uint64_t at, std::string& text) {
  const Depth depth(*this);
  const Type& type = interface_.type(id);
  const RecordPlan& plan = layout_.plan(id);
  if (plan.opaque) return;
  std::unordered_set<std::string> taken;
  for (const FieldPlan& field : plan.fields) {
    const Member& member = type.members[field.member];
    const std::uint64_t offset = at + *member.bit_offset / 8;
    const TypeId nested = strip(interface_, member.type, false);
    const bool anonymous = !field.as_bytes && anonymous_member(member);
    const std::string name = anonymous ? "" : path + field_name(type, field.member, taken);
    if (!member.bit_size && !anonymous) {
      text += fmt::format("_Static_assert(__builtin_offsetof({}, {}) == {}, \"{} of {}\");\n",
                          record, name, offset, name, record);
      const auto size = size_of(interface_, member.type);
      if (size && !field.as_bytes) {
        text += fmt::format("_Static_assert(sizeof((({} *)0)->{}) == {}, \"size of {} of {}\");\n",
                            record, name, *size, name, record);
      }
    }
    if (!field.as_bytes && nested != void_type && is_record(interface_.type(nested).kind) &&
        names_.type(nested).empty()) {
      member_assertions(nested, record, anonymous ? path : name + ".", offset, text);
    }
    if (text.size() > left_) counted(text);
  }
}

std::string CTypes::assertions(TypeId id, const std::string& name) {
  std::string text;
  if (const auto size = size_of(interface_, id)) {
    text = fmt::format("_Static_assert(sizeof({}) == {}, \"size of {}\");\n", name, *size, name);
  }
  if (is_record(interface_.type(id).kind)) member_assertions(id, name, "", 0, text);
  return counted(std::move(text));
}

}  // namespace splitstrip
