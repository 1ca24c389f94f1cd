// The members of a record, the parameters of a function.
#pragma once

#include <vector>

#include "typedata/library/typedata.h"

namespace splitstrip::ffi {

inline std::vector<typedata_item> items_of(const typedata* types, typedata_type type) {
  std::vector<typedata_item> items(typedata_items(types, type, nullptr, 0));
  typedata_items(types, type, items.data(), items.size());
  return items;
}

}  // namespace splitstrip::ffi
