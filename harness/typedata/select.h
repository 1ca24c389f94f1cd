// Which part of an interface is asked for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "typedata/interface.h"

namespace splitstrip {

struct Selection {
  std::vector<std::size_t> functions;  // indices into Interface::functions
  std::vector<std::size_t> objects;
  std::vector<TypeId> types;  // asked for by name; what all of these need comes on top
};

// Everything if `names` is empty. Otherwise what bears one of the names: a function's or object's
// name in the source, in the symbol table (with or without a version), or with its namespaces; a
// type's name, with or without "struct", "union" or "enum" before it. Throws Error for a name that
// nothing in `file` bears.
Selection select(const Interface& interface, const std::vector<std::string>& names,
                 std::string_view file);

// The selected types and all that the selection refers to, directly or not, ascending.
std::vector<TypeId> reachable(const Interface& interface, const Selection& selection);

}  // namespace splitstrip
