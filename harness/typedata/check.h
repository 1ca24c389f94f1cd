// Whether a type model can be walked: no type contains itself, none is nested beyond a depth.
#pragma once

#include <cstddef>
#include <string_view>

#include "typedata/interface.h"

namespace splitstrip {

// Follows what makes up a type by value: members, elements, and what typedefs and qualifiers name.
// Throws Error, which names `file`, for a cycle and for a chain longer than `depth`.
void check_interface(const Interface& interface, std::string_view file, std::size_t depth);

}  // namespace splitstrip
