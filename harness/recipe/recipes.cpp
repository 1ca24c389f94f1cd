#include <algorithm>
#include <array>

#include "recipe/command.h"
#include "recipe/fault/fault.h"
#include "recipe/make.h"
#include "recipe/recipe.h"

namespace splitstrip {

std::span<const Recipe> all_recipes() {
  static const std::array all{
      Recipe{"conventional", "nothing: what Fedora and Debian ship today", "the reference",
             make_conventional},
      Recipe{"typedata", ".gnu_typedata: types and prototypes of the exported interface",
             "same everywhere", make_typedata, true},
      Recipe{"types-dwarf", "the same types as standard .debug_info",
             "gdb, elfutils and valgrind stop looking for the debug file", make_types_dwarf},
      Recipe{"kept-dwarf",
             "the original .debug_info, .debug_abbrev and .debug_str; debug file whole",
             "lines and locals lost", make_kept_dwarf},
      Recipe{"kept-dwarf-nobits",
             "the same, as eu-strip --keep-section does it: those of the debug file are hollow",
             "the debug file cannot answer any more", make_kept_dwarf_nobits},
      Recipe{"leftover-strings", "only .debug_str and .debug_abbrev",
             "valgrind gives up on the library", make_leftover_strings},
      Recipe{"minidebug",
             "the types of the exported interface and function symbols, in .gnu_debugdata", "same",
             make_minidebug},
      Recipe{"ctf", ".ctf, of a library that was built with -gctf; C only", "same", make_ctf},
  };
  return all;
}

std::span<const RecipeFamily> recipe_families() {
  static constexpr std::array all{
      RecipeFamily{command_prefix, "CMD", find_command_recipe},
      RecipeFamily{fault_prefix, "NAME", find_fault_recipe},
  };
  return all;
}

std::optional<Recipe> find_recipe(std::string_view name) {
  const auto all = all_recipes();
  if (const auto found = std::ranges::find(all, name, &Recipe::name); found != all.end())
    return *found;
  for (const RecipeFamily& family : recipe_families())
    if (name.starts_with(family.prefix)) return family.find(name);
  return std::nullopt;
}

std::string recipe_names() {
  std::string names;
  for (const Recipe& recipe : all_recipes()) names += (names.empty() ? "" : ", ") + recipe.name;
  for (const RecipeFamily& family : recipe_families())
    names.append(", ").append(family.prefix).append(family.words);
  return names;
}

}  // namespace splitstrip
