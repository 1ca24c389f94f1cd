// The tables of the terminal's page; see terminal.h.
#pragma once

#include <string>

#include "report/result.h"
#include "report/style.h"

namespace splitstrip {

// A row per subject, recipe and consumer.
std::string cell_table(const Result& result, const TerminalStyle& style);

// What each library's typedata costs and tells; empty if there is none.
std::string typedata_table(const Result& result, const TerminalStyle& style);

// Whether cells have to be told apart by their recipes.
bool has_several_recipes(const Result& result);

// "1 changed, 2 lost, 3 gained", without what did not happen.
std::string changes(const CellResult& cell);

}  // namespace splitstrip
