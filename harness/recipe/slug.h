// Names of files and directories that belong to a recipe, or to something else that is named
// freely.
#pragma once

#include <string>
#include <string_view>

namespace splitstrip {

// No slug is longer.
inline constexpr std::size_t longest_slug = 24;

// A file name for the recipe (or subject) `name`, which may be any text: the name itself where it
// is made of lower-case letters, digits and dashes and no longer than a slug may be, else as much
// of its beginning as is, with a hash of the whole: "command-3f9a01c2d4". Of lower-case letters,
// digits and dashes; another name has another slug.
std::string recipe_slug(std::string_view name);

}  // namespace splitstrip
