#include "typedata/print_json.h"

#include <unordered_map>

#include <nlohmann/json.hpp>

namespace splitstrip {
namespace {

using Json = nlohmann::ordered_json;

const char* kind_name(const Type& type) {
  switch (type.kind) {
    case TypeKind::base:
      return "base";
    case TypeKind::unspecified:
      return "unspecified";
    case TypeKind::pointer:
      return "pointer";
    case TypeKind::reference:
      return "reference";
    case TypeKind::rvalue_reference:
      return "rvalue_reference";
    case TypeKind::member_pointer:
      return "member_pointer";
    case TypeKind::const_qualified:
      return "const";
    case TypeKind::volatile_qualified:
      return "volatile";
    case TypeKind::restrict_qualified:
      return "restrict";
    case TypeKind::atomic_qualified:
      return "atomic";
    case TypeKind::alias:
      return "typedef";
    case TypeKind::structure:
      return type.is_class ? "class" : "struct";
    case TypeKind::union_:
      return "union";
    case TypeKind::enumeration:
      return "enum";
    case TypeKind::array:
      return type.vector ? "vector" : "array";
    case TypeKind::function:
      return "function";
  }
  return "base";
}

// DW_ATE_* of a base type (DWARF 5, 7.8).
const char* encoding_name(std::uint64_t encoding) {
  switch (encoding) {
    case 0x01:
      return "address";
    case 0x02:
      return "boolean";
    case 0x03:
      return "complex_float";
    case 0x04:
      return "float";
    case 0x05:
      return "signed";
    case 0x06:
      return "signed_char";
    case 0x07:
      return "unsigned";
    case 0x08:
      return "unsigned_char";
    case 0x0f:
      return "decimal_float";
    case 0x10:
      return "utf";
    default:
      return "other";
  }
}

class JsonPrinter {
 public:
  JsonPrinter(const Interface& interface, std::ostream& output)
      : interface_(interface), output_(output) {}

  void print(const Selection& selection) {
    const std::vector<TypeId> types = reachable(interface_, selection);
    for (std::size_t at = 0; at < types.size(); ++at) ids_[types[at]] = at;
    output_ << "{\"schema\":1,\"machine\":" << interface_.machine
            << ",\"address_size\":" << interface_.address_size << ",\n\"functions\":[";
    std::string_view comma = "\n";
    const auto line = [&](const Json& entry) {
      output_ << comma << entry.dump(-1, ' ', false, Json::error_handler_t::replace);
      comma = ",\n";
    };
    for (const std::size_t at : selection.functions) line(function(interface_.functions[at]));
    output_ << "],\n\"objects\":[";
    comma = "\n";
    for (const std::size_t at : selection.objects) line(object(interface_.objects[at]));
    output_ << "],\n\"types\":[";
    comma = "\n";
    for (const TypeId id : types) line(type(id));
    output_ << "]}\n";
  }

 private:
  Json refer(TypeId id) const { return id == void_type ? Json(nullptr) : Json(ids_.at(id)); }

  void scope(Json& entry, ScopeId id) const {
    if (id == no_scope) return;
    std::string text = interface_.qualified(id, "");
    if (text.ends_with("::")) text.resize(text.size() - 2);
    if (!text.empty()) entry["scope"] = std::move(text);
  }

  Json parameters(const std::vector<Parameter>& list) const {
    Json entries = Json::array();
    for (const Parameter& each : list) {
      Json entry = Json::object();
      if (!each.name.empty()) entry["name"] = each.name;
      entry["type"] = refer(each.type);
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  Json function(const Function& each) const {
    Json entry{{"name", each.name}};
    if (!each.linkage_name.empty()) entry["linkage_name"] = each.linkage_name;
    scope(entry, each.scope);
    entry["returns"] = refer(each.returns);
    entry["parameters"] = parameters(each.parameters);
    entry["variadic"] = each.variadic;
    entry["prototyped"] = each.prototyped;
    entry["noreturn"] = each.noreturn;
    return entry;
  }

  Json object(const Object& each) const {
    Json entry{{"name", each.name}};
    if (!each.linkage_name.empty()) entry["linkage_name"] = each.linkage_name;
    scope(entry, each.scope);
    entry["type"] = refer(each.type);
    entry["thread_local"] = each.thread_local_storage;
    return entry;
  }

  Json members(const Type& each) const {
    Json entries = Json::array();
    for (const Member& member : each.members) {
      Json entry = Json::object();
      if (!member.name.empty()) entry["name"] = member.name;
      entry["type"] = refer(member.type);
      if (member.bit_offset) entry["bit_offset"] = *member.bit_offset;
      if (member.bit_size) entry["bit_size"] = *member.bit_size;
      if (member.alignment) entry["alignment"] = *member.alignment;
      if (member.base_class) entry["base_class"] = true;
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  Json enumerators(const Type& each) const {
    Json entries = Json::array();
    for (const Enumerator& enumerator : each.enumerators) {
      Json value(enumerator.value);
      if (enumerator.negative) value = static_cast<std::int64_t>(enumerator.value);
      entries.push_back({{"name", enumerator.name}, {"value", std::move(value)}});
    }
    return entries;
  }

  Json type(TypeId id) const {
    const Type& each = interface_.type(id);
    Json entry{{"id", ids_.at(id)}, {"kind", kind_name(each)}};
    if (!each.name.empty()) entry["name"] = each.name;
    scope(entry, each.scope);
    if (const auto size = size_of(interface_, id)) entry["size"] = *size;
    if (each.alignment) entry["alignment"] = *each.alignment;
    if (each.declaration) entry["declaration"] = true;
    if (each.kind == TypeKind::base) entry["encoding"] = encoding_name(each.encoding);
    if (is_record(each.kind)) {
      if (each.passed == PassedAs::address) entry["passed"] = "by_reference";
      if (each.passed == PassedAs::untold) entry["passed"] = "unknown";
      entry["members"] = members(each);
    } else if (each.kind == TypeKind::function) {
      entry["returns"] = refer(each.target);
      entry["parameters"] = parameters(each.parameters);
      entry["variadic"] = each.variadic;
      entry["prototyped"] = each.prototyped;
    } else if (each.kind != TypeKind::base && each.kind != TypeKind::unspecified) {
      entry["target"] = refer(each.target);
    }
    if (each.kind == TypeKind::member_pointer) entry["containing"] = refer(each.containing);
    if (each.kind == TypeKind::enumeration) entry["enumerators"] = enumerators(each);
    if (each.kind == TypeKind::array) {
      Json counts = Json::array();
      for (const auto& count : each.counts) counts.push_back(count ? Json(*count) : Json(nullptr));
      entry["counts"] = std::move(counts);
    }
    return entry;
  }

  const Interface& interface_;
  std::ostream& output_;
  std::unordered_map<TypeId, std::size_t> ids_;
};

}  // namespace

void print_json(const Interface& interface, const Selection& selection, std::ostream& output) {
  JsonPrinter(interface, output).print(selection);
}

}  // namespace splitstrip
