// The tables of the terminal's page; see terminal.h.
#pragma once

#include <string>

#include "report/result.h"
#include "report/style.h"

namespace splitstrip {

// A row per subject, recipe, way to the debug file and consumer.
std::string cell_table(const Result& result, const TerminalStyle& style);

// What each library's typedata costs and tells; empty if there is none.
std::string typedata_table(const Result& result, const TerminalStyle& style);

// What cells have to be told apart by, besides subject, consumer and query.
struct ToldApart {
  explicit ToldApart(const Result& result);

  // "", "typedata", "debuglink" or "typedata debuglink".
  std::string label(const CellResult& cell) const;

  bool recipes = false;
  bool ways = false;
};

// "1 changed, 2 lost, 3 gained", without what did not happen.
std::string changes(const CellResult& cell);

// "1,177 of 1,177 calls in a backtrace, 2 of them only as the outermost frame (no CFI: 2); 59 of
// 4,000 addresses where a line or location changes".
std::string call_sites_text(const CallSitesInfo& sites);
}  // namespace splitstrip
