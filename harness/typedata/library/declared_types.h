// Types that a caller declares, one by one.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "typedata/library/type_view.h"

namespace splitstrip::library {

class DeclaredTypes : public TypeView {
 public:
  bool node(typedata_type type, typedata_info& info) const override;
  std::size_t items(typedata_type type, typedata_item* items, std::size_t capacity) const override;
  typedata_type find_type(std::string_view name) const override;
  unsigned pointer_size() const override { return sizeof(void*); }

  bool has(typedata_type type) const { return type <= types_.size(); }
  bool is(typedata_type type, typedata_kind kind) const {
    return type != TYPEDATA_VOID && has(type) && types_[type - 1].info.kind == kind;
  }
  // Copies `info.name`. TYPEDATA_NONE if the target is none.
  typedata_type add(typedata_info info);
  // The type is there.
  void add_item(typedata_type type, typedata_item item);

 private:
  struct Entry {
    typedata_info info;
    std::vector<typedata_item> items;
  };
  const char* keep(const char* name);

  std::vector<Entry> types_;  // number 1 first
  std::deque<std::string> names_;
};

}  // namespace splitstrip::library
