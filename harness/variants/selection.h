// Which variants of which fixtures are checked.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "variants/axes.h"

namespace splitstrip {

// What fixture.toml says of a fixture's variants.
struct FixtureForms {
  std::string fixture;
  std::vector<std::size_t> axes;    // those that make sense for it, as indices of all_axes()
  std::vector<Exclusion> never;     // what cannot be of this fixture, besides all_exclusions()
  bool foreign_by_default = false;  // each machine belongs to the default selection
};

// "types", or "types@clang-O0".
struct Form {
  std::string fixture;
  Levels levels;

  std::string name() const;
};

// A pairwise covering array whose factors are the fixture and every axis but the machine: each two
// levels that can occur together do so in one of the rows. Then each machine of the fixtures that
// say so. Sorted by the order of fixtures, each once.
std::vector<Form> default_forms(std::span<const FixtureForms> fixtures);

// Of one fixture: the base, each level of each of its axes alone, and its rows of the covering
// array over `fixtures`.
std::vector<Form> all_forms(std::span<const FixtureForms> fixtures, const std::string& fixture);

// "none", "default", "all", or a variant's name such as "clang-O0": the forms of the fixtures in
// `wanted`, which are among `fixtures`. Throws Error for a variant that nobody knows, or that
// none of the fixtures can have.
std::vector<Form> select_forms(std::span<const FixtureForms> fixtures,
                               std::span<const std::string> wanted, const std::string& variants);

// The form of that name ("types@clang-O0"). Throws Error if it cannot be, with the reason.
Form parse_form(std::span<const FixtureForms> fixtures, const std::string& name);

}  // namespace splitstrip
