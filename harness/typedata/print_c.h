// An interface as C that gcc and clang accept (-std=gnu17): types in the order in which they depend
// on each other, then objects, then functions.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "typedata/interface.h"
#include "typedata/select.h"

namespace splitstrip {

struct PrintCOptions {
  // What the output comes to at most, in bytes.
  std::uint64_t most = std::uint64_t{512} << 20;
  // For tests: after each type, _Static_assert that it has the size and offsets recorded in DWARF.
  bool assertions = false;
};

// What C cannot express is said in a comment, and replaced by what keeps the layout: references by
// pointers, names by identifiers, overlapping members by bytes. `file` names the input in the first
// line and in errors. Throws Error if the types cannot be written down.
void print_c(const Interface& interface, const Selection& selection, const std::string& file,
             std::ostream& output, const PrintCOptions& options = {});

}  // namespace splitstrip
