// The line tables of a debug file as facts (DWARF 5, 6.2).
#pragma once

#include <elfutils/libdw.h>

#include "facts/fact.h"

namespace splitstrip {

// Adds, under the query "line-tables", for each unit and each address that its line table has the
// rows of that address in their order: file, line, column, discriminator, flags; and the names of
// all its source files, whatever their order.
void add_line_facts(Dwarf* dwarf, FactSink& facts);

}  // namespace splitstrip
