// Types without a name, as all units have them.
#pragma once

#include <string>
#include <string_view>

namespace splitstrip {

// `abbrevs`, the contents of .debug_abbrev, without DW_AT_linkage_name of types: g++ gives it to a
// `typedef struct {…} name;`, and gdb takes it for the struct's name. In C the same type has none,
// and neither has typedata. The attribute becomes a DW_AT_description, which nobody reads; nothing
// changes its place. What cannot be read is left as it is.
std::string without_linkage_names_of_types(std::string_view abbrevs);

}  // namespace splitstrip
