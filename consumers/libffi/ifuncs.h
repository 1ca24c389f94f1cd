// Functions that are chosen when the program starts: strlen() of glibc is one of several, by the
// processor, and none of them is exported under its address.
#pragma once

#include <map>
#include <string>

#include "typedata/library/typedata.h"

namespace splitstrip::ffi {

struct Chosen {
  typedata_type type;
  std::string symbol;
};

// The types of the functions that the loader chooses for the library's symbols, by their addresses:
// those that are no exported function's own. Where several symbols of different types came to one
// function, it is left out. `within` is an address in the loaded library.
std::map<const void*, Chosen> chosen_functions(const typedata* types, const void* within);

}  // namespace splitstrip::ffi
