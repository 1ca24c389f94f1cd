#include "typedata/library/declared_types.h"

#include <algorithm>

namespace splitstrip::library {

const char* DeclaredTypes::keep(const char* name) {
  if (name == nullptr || *name == '\0') return "";
  return names_.emplace_back(name).c_str();
}

bool DeclaredTypes::node(typedata_type type, typedata_info& info) const {
  if (type == TYPEDATA_VOID) {
    info = {};
    info.kind = TYPEDATA_KIND_VOID;
    info.size = TYPEDATA_UNKNOWN;
    info.name = "";
    return true;
  }
  if (!has(type)) return false;
  const Entry& entry = types_[type - 1];
  info = entry.info;
  const bool opaque = entry.items.empty() && info.size == TYPEDATA_UNKNOWN;
  if (is_record(info.kind) && opaque) info.flags |= TYPEDATA_DECLARATION;
  return true;
}

std::size_t DeclaredTypes::items(typedata_type type, typedata_item* items,
                                 std::size_t capacity) const {
  if (type == TYPEDATA_VOID || !has(type)) return 0;
  const std::vector<typedata_item>& all = types_[type - 1].items;
  std::copy_n(all.begin(), std::min(capacity, all.size()), items);
  return all.size();
}

typedata_type DeclaredTypes::find_type(std::string_view name) const {
  typedata_type declaration = TYPEDATA_NONE;
  for (typedata_type type = 1; type <= types_.size(); ++type) {
    typedata_info info;
    node(type, info);
    const bool named =
        is_record(info.kind) || info.kind == TYPEDATA_KIND_ENUM || info.kind == TYPEDATA_KIND_ALIAS;
    if (!named || name != info.name) continue;
    if ((info.flags & TYPEDATA_DECLARATION) == 0) return type;
    if (declaration == TYPEDATA_NONE) declaration = type;
  }
  return declaration;
}

typedata_type DeclaredTypes::add(typedata_info info) {
  if (!has(info.target) || types_.size() >= TYPEDATA_NONE - 1) return TYPEDATA_NONE;
  info.name = keep(info.name);
  info.count = 0;
  types_.push_back({info, {}});
  return static_cast<typedata_type>(types_.size());
}

void DeclaredTypes::add_item(typedata_type type, typedata_item item) {
  item.name = keep(item.name);
  types_[type - 1].items.push_back(item);
}

}  // namespace splitstrip::library
