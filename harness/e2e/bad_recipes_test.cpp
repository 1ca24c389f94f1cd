// The bad recipes are bad: that each is reported, at the consumers that the design names, is the
// proof that the harness works. Those consumers alone are asked here, at every change; the whole
// table is in recipe_table_test.cpp.
#include <algorithm>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

struct BadRecipe {
  std::string recipe;
  std::vector<std::string> regressed;  // consumers that must report it
};

// As ctest shows it.
void PrintTo(const BadRecipe& bad, std::ostream* out) {
  *out << bad.recipe;
}

const BadRecipe bad_recipes[] = {
    {"types-dwarf", {"gdb", "eu-stack", "abidiff", "valgrind", "systemtap"}},
    {"kept-dwarf", {"gdb"}},
    {"kept-dwarf-nobits", {"gdb"}},
    {"leftover-strings", {"valgrind"}},
};

class BadRecipes : public testing::TestWithParam<BadRecipe> {};

TEST_P(BadRecipes, are_reported_by_the_consumers_that_they_harm) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  const auto& [recipe, harmed] = GetParam();
  std::vector<std::string> words{"check", "calls",    "libonly", "memerror",  "--recipe",
                                 recipe,  "--output", output,    "--timeout", "120"};
  for (const auto& consumer : harmed) words.insert(words.end(), {"--consumer", consumer});
  const auto end = splitstrip_program(words);
  EXPECT_EQ(end.status, 1) << end.output << end.errors;
  const auto result = read_result_json(output);
  for (const auto& consumer : harmed) {
    EXPECT_THAT(cells_with(result, {{"consumer", consumer}, {"outcome", "regressed"}}),
                testing::Not(testing::IsEmpty()))
        << recipe << " must be reported at " << consumer;
  }
}

std::string name_of(const testing::TestParamInfo<BadRecipe>& info) {
  std::string name = info.param.recipe;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Table, BadRecipes, testing::ValuesIn(bad_recipes), name_of);

}  // namespace
}  // namespace splitstrip
