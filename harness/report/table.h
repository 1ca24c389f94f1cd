// Text in columns.
#pragma once

#include <string>
#include <vector>

#include "report/style.h"

namespace splitstrip {

struct TableColumn {
  std::string title;
  bool right = false;  // numbers stand at the right
};

struct TableField {
  std::string text;  // printable
  Colour colour = Colour::none;
};

// Lays out rows (each with a field for every column), two spaces between columns, below their
// titles and a rule. With a width, what is too long in the last column is wrapped below itself, or,
// if there is hardly any room for it, stands on lines of its own; the others are never cut.
std::string layout_table(const std::vector<TableColumn>& columns,
                         const std::vector<std::vector<TableField>>& rows,
                         const TerminalStyle& style);

}  // namespace splitstrip
