// The functions whose variables perf probe is asked for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace splitstrip {

// Names of functions that have DWARF and one body: linkage names where they have one, sorted, at
// most `most`, evenly spaced. perf (6.1) finds no symbol at the entry of a function in two parts,
// and stops there, for which reason these are left out. None where libdw finds no DWARF: it is
// perf's reader, too, and an elfutils without zstd knows no section compressed with it.
std::vector<std::string> probed_functions(const std::filesystem::path& unstripped,
                                          std::size_t most);

}  // namespace splitstrip
