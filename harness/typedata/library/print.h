// A type as C has it.
#pragma once

#include <string>
#include <string_view>

#include "typedata/library/type_view.h"

namespace splitstrip::library {

// "struct s *name", "int name(const char *a, ...)"; `name` may be empty. What goes round and round,
// or on and on, is cut off with "...".
std::string print(const TypeView& types, typedata_type type, std::string_view name);

}  // namespace splitstrip::library
