// A proof for a person.
#pragma once

#include <string>

#include "prove/proof.h"
#include "report/style.h"

namespace splitstrip {

// A row per fault: where it was planted, what became of it, and which queries noticed it. Then a
// line that sums up.
std::string to_terminal(const Proof& proof, const TerminalStyle& style);

// The same as a page for results/: how it was made, and a table with a column for each consumer.
std::string to_markdown(const Proof& proof);

// A line per fault of the list: name, group, subject, what is wrong.
std::string fault_list(const TerminalStyle& style);

}  // namespace splitstrip
