// The result for a person: a table, the first differences in full, and one verdict line.
#pragma once

#include <cstddef>
#include <string>

#include "report/result.h"
#include "report/style.h"

namespace splitstrip {

struct TerminalLimits {
  std::size_t differences_per_cell = 5;
  std::size_t cells_with_differences = 12;
};

// In this order: what was run where; a row per subject, recipe, way and consumer; what each
// library's typedata costs; why cells failed or proved nothing, equal reasons together; the first
// differences; how often each outcome occurred; the verdict. Ends with a newline.
//
// A row's outcome is `regressed` or the failure if there is one; otherwise it is what its proven
// queries came to, and its notes name the queries that proved nothing.
std::string to_terminal(const Result& result, const TerminalStyle& style,
                        const TerminalLimits& limits = {});

// The verdict alone, without a newline:
//   same: 182 cells, 1,204,331 facts of evidence, nothing changed or lost
std::string verdict_line(const Result& result);

}  // namespace splitstrip
