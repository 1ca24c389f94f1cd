// All that can be asked of one library's DWARF.
#pragma once

#include <filesystem>
#include <string_view>

#include "dwarf/debug_info.h"
#include "facts/fact.h"

namespace splitstrip {

// Adds the facts of `query`, "dies" or "line-tables". `info` has its alternate file, if it needs
// one. Throws Error for another query.
void tell(const DebugInfo& info, std::string_view query, FactSink& facts);

// The same for the file that holds the DWARF of `library`: see find_debug_file(). Nothing is added
// if there is none.
void tell_library(const std::filesystem::path& library, const std::filesystem::path& debug_root,
                  std::string_view query, FactSink& facts);

}  // namespace splitstrip
