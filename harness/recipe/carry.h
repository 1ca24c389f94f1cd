// Bad recipes that leave original DWARF sections in main.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

#include "recipe/recipe.h"

namespace splitstrip {

// The conventional pair, but main has these sections of the unstripped file as they are there
// (compressed if they are). The debug file is whole. Sections that the file lacks are left out.
// Parameters and errors as for Recipe::make.
void make_carrying(std::initializer_list<std::string_view> sections,
                   const std::filesystem::path& unstripped, const Pair& pair,
                   const std::filesystem::path& scratch);

}  // namespace splitstrip
