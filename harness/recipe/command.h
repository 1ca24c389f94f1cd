// Recipes that are somebody else's command: "command:eu-strip -f {debug} -o {main} {in}".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/recipe.h"

namespace splitstrip {

inline constexpr std::string_view command_prefix = "command:";

// The recipe that runs what follows the prefix, for the list in recipes.cpp. The words, split as
// recipe/words.h says, may hold
//
//   {in}       a copy of the unstripped file, of its name
//   {main}     what ships; a file of that name as well
//   {debug}    what goes into debuginfo: the same with ".debug"
//   {scratch}  an empty directory, which is also the working directory
//
// A command that names {in} makes both others. One that does not finds the conventional pair there
// and changes it: "command:dwz {debug}". Throws Error if the words cannot be split, name no
// program or none of these, or name it by a relative path.
std::optional<Recipe> find_command_recipe(std::string_view name);

// What such a recipe does. Throws Error if the command cannot be started, fails, still runs after
// `limit`, or leaves something else than two ELF files.
void make_by_command(const std::vector<std::string>& words, std::chrono::milliseconds limit,
                     const std::filesystem::path& unstripped, const Pair& pair,
                     const std::filesystem::path& scratch);

}  // namespace splitstrip
