// What split and embed tell of the types that they put into main.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "typedata/build.h"

namespace splitstrip {

// "7.1 KiB", "812 bytes".
std::string size_text(std::uintmax_t bytes);

// Lines, each ended: the section's size, how many exported functions and objects are typed, and for
// those that are not, a line per reason with their number and names: the first few, or all.
std::string coverage_text(const TypedataResult& typedata, std::uintmax_t main_bytes,
                          bool all_names);

}  // namespace splitstrip
