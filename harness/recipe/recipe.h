// A recipe: a way to strip. It turns an unstripped ELF into a pair.
//
// To add one: a file of its own here with one function of the form below, and one line in
// recipes.cpp.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace splitstrip {

// `main` is what ships, `debug` what goes into the debuginfo package.
struct Pair {
  std::filesystem::path main;
  std::filesystem::path debug;
};

struct Recipe {
  std::string_view name;
  std::string_view keeps;     // what main keeps, one line for --help and the report
  std::string_view expected;  // what consumers are expected to make of it
  // Writes both files of `pair`, whose directory exists. `unstripped` is not changed. Intermediate
  // files go to `scratch`. Throws Error (facts/error.h) naming file, cause and remedy; then neither
  // file exists.
  void (*make)(const std::filesystem::path& unstripped, const Pair& pair,
               const std::filesystem::path& scratch);
};

std::span<const Recipe> all_recipes();

// nullptr if there is none of that name.
const Recipe* find_recipe(std::string_view name);

}  // namespace splitstrip
