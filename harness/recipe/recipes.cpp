#include <algorithm>
#include <array>

#include "recipe/make.h"
#include "recipe/recipe.h"

namespace splitstrip {
namespace {

constexpr std::array all{
    Recipe{"conventional", "nothing: what Fedora and Debian ship today", "the reference",
           make_conventional},
    Recipe{"typedata", ".gnu_typedata: types and prototypes of the exported interface",
           "same everywhere", make_typedata},
    Recipe{"types-dwarf", "the same types as standard .debug_info",
           "gdb, elfutils and valgrind stop looking for the debug file", make_types_dwarf},
    Recipe{"kept-dwarf", "the original .debug_info, .debug_abbrev and .debug_str; debug file whole",
           "lines and locals lost", make_kept_dwarf},
    Recipe{"kept-dwarf-nobits",
           "the same, as eu-strip --keep-section does it: those of the debug file are hollow",
           "the debug file cannot answer any more", make_kept_dwarf_nobits},
    Recipe{"leftover-strings", "only .debug_str and .debug_abbrev",
           "valgrind gives up on the library", make_leftover_strings},
};

}  // namespace

std::span<const Recipe> all_recipes() {
  return all;
}

const Recipe* find_recipe(std::string_view name) {
  const auto found = std::ranges::find(all, name, &Recipe::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace splitstrip
