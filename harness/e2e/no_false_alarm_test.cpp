// The conventional pair held against itself: whatever differs is the harness's or a consumer's own
// unsteadiness, and would be blamed on a recipe. Twenty times, at several -j.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

constexpr int rounds = 5;  // for each -j

class NoFalseAlarm : public testing::TestWithParam<int> {};

TEST_P(NoFalseAlarm, conventional_is_the_same_as_conventional) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  std::vector<std::string> words{"check",        "fixtures", "--recipe",
                                 "conventional", "--jobs",   std::to_string(GetParam()),
                                 "--output",     output};
  // Recipes whose names differ in blanks make the same pair, and each is made and asked on its own.
  for (int blanks = 1; blanks < rounds; ++blanks) {
    words.emplace_back("--recipe");
    words.push_back("command:eu-strip --remove-comment -f {debug} -o {main} {in}" +
                    std::string(static_cast<std::size_t>(blanks), ' '));
  }
  splitstrip_program(words);
  const auto result = read_result_json(output);
  std::vector<std::string> subjects;
  for (const auto& subject : result.at("subjects")) subjects.push_back(subject.at("name"));
  // What differed from itself once: bases that are only declared, Ada, Fortran, functions at one
  // address.
  EXPECT_THAT(subjects, testing::IsSupersetOf({"cxxdeclared", "ada", "fortran", "folded"}));
  std::size_t compared = 0;
  for (const auto& cell : result.at("cells")) {
    const auto outcome = cell.at("outcome").get<std::string>();
    EXPECT_THAT(outcome, testing::AnyOf("same", "vacuous", "unavailable")) << show(cell);
    if (outcome == "same") ++compared;
  }
  EXPECT_GT(compared, 100U * rounds);
}

INSTANTIATE_TEST_SUITE_P(Jobs, NoFalseAlarm, testing::Values(1, 2, 4, 8),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace splitstrip
