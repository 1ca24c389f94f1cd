// Every DIE of a debug file as facts that two files can be compared by, whatever the offsets,
// forms, abbreviations, and order of units and types in each.
//
//   key     lib.c: subprogram plain 0x1130/inlined_subroutine helper/formal_parameter o
//   value   abstract_origin=formal_parameter o (lib.c:7); location=[0x1130,0x1134) reg5
//
// A DIE's key is the unit's name and the names of the DIEs around it; its value is what DieText
// makes of its attributes. Members, enumerators, array bounds, and parameters of what has no code,
// are told with what they belong to, in their order. The order of what a unit or a namespace holds
// means nothing in DWARF and counts for nothing, nor does how often it holds the same.
//
// dwz moves what several units have into partial units. What a unit imports from those, directly or
// not, is told as its own, each once: a file after dwz tells the same as before. Of split DWARF the
// .dwo's units are told where libdw finds them.
#pragma once

#include <elfutils/libdw.h>

#include "facts/fact.h"

namespace splitstrip {

// Adds the facts of every compile and type unit under the query "dies". Damaged DWARF is told as
// "damaged" where it is met; the work is bounded by the size of the units.
void add_die_facts(Dwarf* dwarf, FactSink& facts);

}  // namespace splitstrip
