// Which names of a library stap is asked to read: a bounded choice, the same on every run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace splitstrip {

// Sorted, each name once. Only plain C identifiers: in stap's language other characters of a
// function's name are patterns.
struct Names {
  std::vector<std::string> functions;  // that some unit defines
  // File-scope ones, as stap wants them: "NAME@UNIT.c". None that is thread-local: stap reads these
  // with a help of its own library that needs the DWARF of ld.so, and fails the whole script
  // without.
  std::vector<std::string> variables;
  std::vector<std::string> types;  // "struct point", "union u", complete ones of C units
};

// All that the DWARF of `unstripped` holds at the top level of its units. Throws Error.
Names names_of(const std::filesystem::path& unstripped);

// At most `most` of `all`, evenly spread over it.
std::vector<std::string> spread(const std::vector<std::string>& all, std::size_t most);

}  // namespace splitstrip
