// A recipe: a way to strip. It turns an unstripped ELF into a pair.
//
// To add one: a file of its own here with one function of the form below, and one line in
// recipes.cpp. A family of recipes, named `PREFIX:WORDS`, is a function that makes a recipe of the
// words, and one line there.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace splitstrip {

// `main` is what ships, `debug` what goes into the debuginfo package.
struct Pair {
  std::filesystem::path main;
  std::filesystem::path debug;
};

struct Recipe {
  std::string name;      // as the user gave it, so any text; see slug.h for file names
  std::string keeps;     // what main keeps, one line for --help and the report
  std::string expected;  // what consumers are expected to make of it
  // Writes both files of `pair`, whose directory exists. `unstripped` is not changed. Intermediate
  // files go to `scratch`. Throws Error (facts/error.h) naming file, cause and remedy; then neither
  // file exists.
  std::function<void(const std::filesystem::path& unstripped, const Pair& pair,
                     const std::filesystem::path& scratch)>
      make;
  bool typed = false;  // main is to carry .gnu_typedata, so that foreign calls can be checked
};

struct RecipeFamily {
  std::string_view prefix;  // with the colon
  std::string_view words;   // what follows it, for --help
  // The recipe of that whole name, which begins with the prefix; nothing if there is none. Throws
  // Error where the words make no sense.
  std::optional<Recipe> (*find)(std::string_view name);
};

// Those that are no family's.
std::span<const Recipe> all_recipes();
std::span<const RecipeFamily> recipe_families();

// The recipe, or the family's, of that name; nothing if there is none. Throws Error as
// RecipeFamily::find.
std::optional<Recipe> find_recipe(std::string_view name);

// All of them for --help and for who asked for one that is not there: "conventional, …,
// command:CMD".
std::string recipe_names();

}  // namespace splitstrip
