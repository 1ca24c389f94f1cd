#include "typedata/select.h"

#include <algorithm>

#include "facts/error.h"

namespace splitstrip {
namespace {

bool named(const Interface& interface, const std::string& wanted, ScopeId scope,
           std::string_view name, std::string_view symbol) {
  if (name.empty() && symbol.empty()) return false;
  return wanted == name || wanted == symbol || wanted == symbol.substr(0, symbol.find('@')) ||
         (scope != no_scope && wanted == interface.qualified(scope, name));
}

bool named(const Interface& interface, const std::string& wanted, const Type& type) {
  if (type.name.empty()) return false;
  std::string_view name = wanted;
  const auto drop = [&](std::string_view word) {
    if (name.starts_with(word)) name.remove_prefix(word.size());
  };
  if (type.kind == TypeKind::structure) {
    drop(type.is_class ? "class " : "struct ");
  } else if (type.kind == TypeKind::union_) {
    drop("union ");
  } else if (type.kind == TypeKind::enumeration) {
    drop("enum ");
  } else if (type.kind != TypeKind::alias && type.kind != TypeKind::base) {
    return false;
  }
  return name == type.name ||
         (type.scope != no_scope && name == interface.qualified(type.scope, type.name));
}

}  // namespace

Selection select(const Interface& interface, const std::vector<std::string>& names,
                 std::string_view file) {
  Selection selection;
  std::vector<bool> found(names.size());
  const auto asked = [&](const auto& matches) {
    bool any = names.empty();
    for (std::size_t at = 0; at < names.size(); ++at) {
      if (!matches(names[at])) continue;
      found[at] = true;
      any = true;
    }
    return any;
  };
  for (std::size_t at = 0; at < interface.functions.size(); ++at) {
    const Function& each = interface.functions[at];
    if (asked([&](const std::string& name) {
          return named(interface, name, each.scope, each.name, each.linkage_name);
        })) {
      selection.functions.push_back(at);
    }
  }
  for (std::size_t at = 0; at < interface.objects.size(); ++at) {
    const Object& each = interface.objects[at];
    if (asked([&](const std::string& name) {
          return named(interface, name, each.scope, each.name, each.linkage_name);
        })) {
      selection.objects.push_back(at);
    }
  }
  for (TypeId id = 0; id < interface.types.size(); ++id) {
    const Type& type = interface.type(id);
    if (asked([&](const std::string& name) { return named(interface, name, type); })) {
      selection.types.push_back(id);
    }
  }
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (!found[at]) {
      throw Error::of(
          "{}: no function, object or type '{}' among its types: 'splitstrip types {}' lists all",
          file, names[at], file);
    }
  }
  return selection;
}

std::vector<TypeId> reachable(const Interface& interface, const Selection& selection) {
  std::vector<bool> seen(interface.types.size());
  std::vector<TypeId> pending;
  const auto reach = [&](TypeId id) {
    if (id == void_type || seen[id]) return;
    seen[id] = true;
    pending.push_back(id);
  };
  for (const TypeId id : selection.types) reach(id);
  for (const std::size_t at : selection.objects) reach(interface.objects[at].type);
  for (const std::size_t at : selection.functions) {
    reach(interface.functions[at].returns);
    for (const Parameter& parameter : interface.functions[at].parameters) reach(parameter.type);
  }
  while (!pending.empty()) {
    const Type& type = interface.type(pending.back());
    pending.pop_back();
    reach(type.target);
    reach(type.containing);
    for (const Member& member : type.members) reach(member.type);
    for (const Parameter& parameter : type.parameters) reach(parameter.type);
  }
  std::vector<TypeId> all;
  for (TypeId id = 0; id < seen.size(); ++id) {
    if (seen[id]) all.push_back(id);
  }
  return all;
}

}  // namespace splitstrip
