// What DWARF's numbers are called: DW_TAG_*, DW_AT_*, DW_OP_* without their prefixes, as the
// dwarf.h of the elfutils that this was built with has them.
#pragma once

#include <string>

namespace splitstrip {

// "structure_type"; "tag 0x4711" for one that dwarf.h does not know. The same for the others.
std::string tag_name(unsigned tag);
std::string attribute_name(unsigned attribute);
std::string operation_name(unsigned operation);

}  // namespace splitstrip
