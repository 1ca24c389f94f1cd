// For tests: one library, to be built in many ways, and what its typedata has to say.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace splitstrip::testing_support {

using Sources = std::vector<std::pair<std::string, std::string>>;  // name, text

// Two units that share types, with every form whose encoding changed between DWARF versions.
const Sources& form_sources();

// The typedata of that library as C. Line by line, sorted: the order of equally much used types
// follows the input. Expects that everything is typed.
std::string typedata_as_c(const std::filesystem::path& file);

// That of a plain build with gcc.
const std::string& plain_dwarf_5();

}  // namespace splitstrip::testing_support
