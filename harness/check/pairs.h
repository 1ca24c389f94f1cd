// Makes pairs, each in a process of its own: reading a subject's DWARF must not be able to take the
// harness down, and two cores can strip two subjects.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/recipe.h"
#include "run/runner.h"

namespace splitstrip {

struct MadePair {
  Pair pair;
  std::string failure;             // why there is none, in one line; empty if there is one
  std::vector<std::string> notes;  // what the recipe said besides: that it stripped in another way
};

// Queues `splitstrip split UNSTRIPPED -o DIRECTORY --recipe RECIPE`. `directory` is created.
// `done` is called on the loop's thread.
void make_pair(Runner& runner, const std::filesystem::path& unstripped, std::string_view recipe,
               const std::filesystem::path& directory, const Limits& limits,
               std::function<void(MadePair)> done);

}  // namespace splitstrip
