// The forms of DWARF that a fixture can be built in: axes, their levels, and what does not go
// together.
//
// To add a level: one line in axes.cpp (its word is unique among all axes and has no '-'), what
// makes it in ci/cmake/variant.cmake, and what proves it in harness/variants/claims.py.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace splitstrip {

struct Level {
  std::string_view word;   // in names: types@clang-O0
  std::string_view means;  // one line
};

struct Axis {
  std::string_view name;
  std::vector<Level> levels;  // the first is what a fixture is built as without variants
};

std::span<const Axis> all_axes();

// The index of the axis of that name. Throws Error for an unknown one.
std::size_t axis_index(std::string_view name);

// One level of each axis, in the order of all_axes(); no_level where nothing is chosen yet.
constexpr int no_level = -1;
using Levels = std::vector<int>;

// Every axis at its first level.
Levels base_levels();

// A list of groups of words; a variant that has one word of each group cannot be.
struct Exclusion {
  std::vector<std::vector<std::string>> groups;
  std::string reason;
};

// What no compiler, linker or tool of today makes.
std::span<const Exclusion> all_exclusions();

// Exclusions, ready to be asked often.
class Exclusions {
 public:
  // Throws Error for a word that nobody knows.
  explicit Exclusions(std::span<const Exclusion> list);

  // The reason why `levels` cannot be, nullptr if it can. A level not chosen yet excludes nothing.
  const std::string* against(const Levels& levels) const;

 private:
  // Levels of one axis, a bit each.
  struct Part {
    std::size_t axis;
    unsigned levels;
  };
  struct Rule {
    std::vector<std::vector<Part>> groups;
    std::string reason;
  };
  std::vector<Rule> rules_;
};

// The words of all axes that are not at their first level, joined by '-': "clang-O0-dwarf4".
std::string variant_name(const Levels& levels);

// The reverse, in any order of words. Throws Error for a word that nobody knows, two words of one
// axis, and what cannot be, with the reason.
Levels parse_variant(std::string_view name);

}  // namespace splitstrip
