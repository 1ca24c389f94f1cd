#include "typedata/library/print.h"

#include <algorithm>
#include <vector>

namespace splitstrip::library {
namespace {

constexpr int kDeepest = 16;      // function types within each other
constexpr int kMostSteps = 2000;  // of types, in all
constexpr std::size_t kMostParameters = 256;
constexpr std::size_t kMostText = 16 * 1024;  // bytes

class Printer {
 public:
  explicit Printer(const TypeView& types) : types_(types) {}

  // From the outside of the type inwards, as `name` grows into a declarator: C writes what is done
  // with a name around it (C17, 6.7.6).
  std::string declare(typedata_type type, std::string name, int depth) {
    std::string qualifiers;
    typedata_info info;
    for (;;) {
      if (++steps_ > kMostSteps || depth > kDeepest || name.size() > kMostText) {
        return join("...", name);
      }
      if (!types_.node(type, info)) return join("?", name);
      if (is_qualifier(info.kind)) {
        qualify(qualifiers, info.kind);
      } else if (info.kind == TYPEDATA_KIND_POINTER || info.kind == TYPEDATA_KIND_REFERENCE) {
        std::string star = info.kind == TYPEDATA_KIND_POINTER ? "*" : "&";
        if (!qualifiers.empty()) star += " " + qualifiers;
        if (!qualifiers.empty() && name.empty()) star.pop_back();
        qualifiers.clear();
        name.insert(0, star);
        typedata_info inner;
        const typedata_type target = strip(types_, info.target, false);
        const bool known = target != TYPEDATA_NONE && types_.node(target, inner);
        const bool binds =
            known && (inner.kind == TYPEDATA_KIND_FUNCTION ||
                      (inner.kind == TYPEDATA_KIND_ARRAY && (inner.flags & TYPEDATA_VECTOR) == 0));
        if (binds) name = "(" + name + ")";
      } else if (info.kind == TYPEDATA_KIND_ARRAY && (info.flags & TYPEDATA_VECTOR) == 0) {
        name += dimensions(type);
      } else if (info.kind == TYPEDATA_KIND_FUNCTION) {
        // gcc describes noreturn and const functions as qualified function types.
        qualifiers.clear();
        const bool placed = by_address(info.target);
        name += parameters(type, info, placed ? info.target : TYPEDATA_VOID, depth);
        if (placed) name.insert(0, "*");
      } else {
        break;
      }
      type = info.target;
    }
    return qualifiers + join(specifier(type, info, depth), name);
  }

 private:
  static std::string join(std::string text, const std::string& name) {
    if (!name.empty()) text.append(name.front() == '[' ? "" : " ").append(name);
    return text;
  }

  static void qualify(std::string& qualifiers, typedata_kind kind) {
    const char* word = kind == TYPEDATA_KIND_CONST      ? "const "
                       : kind == TYPEDATA_KIND_VOLATILE ? "volatile "
                       : kind == TYPEDATA_KIND_RESTRICT ? "restrict "
                                                        : "_Atomic ";
    if (qualifiers.find(word) == std::string::npos) qualifiers += word;
  }

  std::string dimensions(typedata_type array) const {
    typedata_item items[16];
    const std::size_t count =
        std::min(types_.items(array, items, std::size(items)), std::size(items));
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += items[i].value < 0 ? "[]" : "[" + std::to_string(items[i].value) + "]";
    }
    return text;
  }

  // What C++ passes by the address of a copy.
  bool by_address(typedata_type type) const {
    typedata_info info;
    const typedata_type record = strip(types_, type, true);
    return record != TYPEDATA_NONE && types_.node(record, info) &&
           (info.flags & TYPEDATA_NONTRIVIAL) != 0 && is_record(info.kind);
  }

  // `placed` is what the function returns where its first parameter says, or void.
  std::string parameters(typedata_type function, const typedata_info& info, typedata_type placed,
                         int depth) {
    std::vector<typedata_item> items(8);
    const std::size_t count = types_.items(function, items.data(), items.size());
    if (count > items.size()) {
      items.resize(std::min(count, kMostParameters));
      types_.items(function, items.data(), items.size());
    }
    items.resize(std::min(count, items.size()));
    std::string text;
    if (placed != TYPEDATA_VOID) text = declare(placed, "*result", depth + 1);
    for (const typedata_item& item : items) {
      if (text.size() > kMostText) break;
      if (!text.empty()) text += ", ";
      text += parameter(item, depth);
    }
    if (count > items.size() || text.size() > kMostText) return "(" + text + ", ...)";
    const bool variadic = (info.flags & TYPEDATA_VARIADIC) != 0;
    if (text.empty()) {
      if (variadic) return "(...)";
      return (info.flags & TYPEDATA_PROTOTYPED) != 0 ? "(void)" : "()";
    }
    return "(" + text + (variadic ? ", ...)" : ")");
  }

  std::string parameter(const typedata_item& item, int depth) {
    typedata_info info;
    if (types_.node(item.type, info) && info.kind == TYPEDATA_KIND_POINTER &&
        types_.node(info.target, info) && std::string_view(info.name) == "__va_list_tag") {
      return join("va_list", item.name);
    }
    const std::string star = by_address(item.type) ? "*" : "";
    return declare(item.type, star + item.name, depth + 1);
  }

  std::string specifier(typedata_type type, const typedata_info& info, int depth) {
    const std::string name = info.name;
    switch (info.kind) {
      case TYPEDATA_KIND_VOID:
        return "void";
      case TYPEDATA_KIND_UNSPECIFIED:
        return name.empty() ? "void" : name;
      case TYPEDATA_KIND_STRUCT:
        return name.empty() ? "struct {...}" : "struct " + name;
      case TYPEDATA_KIND_UNION:
        return name.empty() ? "union {...}" : "union " + name;
      case TYPEDATA_KIND_ENUM:
        return name.empty() ? "enum {...}" : "enum " + name;
      case TYPEDATA_KIND_ARRAY:
        return "__attribute__((vector_size(" + std::to_string(size_of(types_, type)) + "))) " +
               declare(info.target, "", depth + 1);
      case TYPEDATA_KIND_MEMBER_POINTER:
        return declare(info.target, "::*", depth + 1);
      default:
        return name.empty() ? "?" : name;
    }
  }

  const TypeView& types_;
  int steps_ = 0;
};

}  // namespace

std::string print(const TypeView& types, typedata_type type, std::string_view name) {
  typedata_info info;
  // An array's or function's own place in a declarator; nothing to say of void.
  if (!types.node(type, info)) return {};
  std::string text = Printer(types).declare(type, std::string(name), 0);
  if (text.size() > kMostText) text.resize(kMostText);
  return text;
}

}  // namespace splitstrip::library
