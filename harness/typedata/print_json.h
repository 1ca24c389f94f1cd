// An interface as JSON.
//
// One object, whose form is fixed in results/types.schema.json:
//
//   {"schema": 1, "machine": 62, "address_size": 8,
//    "functions": [{"name", "linkage_name", "scope", "returns", "parameters": [{"name", "type"}],
//                   "variadic", "prototyped", "noreturn"}],
//    "objects":   [{"name", "linkage_name", "scope", "type", "thread_local"}],
//    "types":     [{"id", "kind", "name", "scope", "size", "alignment", "target", …}]}
//
// A type is referred to by its id; null is void, or "no type recorded". Ids count from 0 in one
// output and mean nothing in another. What is absent in DWARF is absent here: names of anonymous
// types, sizes of incomplete ones. Offsets and bit sizes of members are in bits from the start of
// the record in the order of memory, sizes and alignments in bytes.
#pragma once

#include <ostream>

#include "typedata/interface.h"
#include "typedata/select.h"

namespace splitstrip {

// One line for each function, object and type, so that large outputs can be read as a stream.
void print_json(const Interface& interface, const Selection& selection, std::ostream& output);

}  // namespace splitstrip
