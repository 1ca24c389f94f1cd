// Libraries as the distribution ships them, joined with their debug packages.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// abidw is the one consumer that may run out of time: on libdb-5.3 it takes over ten minutes.
bool may_time_out(const nlohmann::json& cell) {
  return cell.at("consumer") == "abidiff";
}

class RealLibraries : public testing::TestWithParam<fs::path> {};

TEST_P(RealLibraries, lose_no_answer_under_the_typedata_recipe) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  const auto end =
      splitstrip_program({"check", GetParam(), "--output", output, "--timeout", "120"});
  const auto result = read_result_json(output);

  std::map<std::string, std::uint64_t> evidence;
  bool timed_out = false;
  for (const auto& cell : result.at("cells")) {
    const auto outcome = cell.at("outcome").get<std::string>();
    if (outcome == "timeout" && may_time_out(cell)) {
      timed_out = true;
    } else {
      EXPECT_THAT(outcome, testing::AnyOf("same", "gained", "vacuous", "unavailable"))
          << show(cell);
    }
    evidence[cell.at("consumer").get<std::string>()] += cell.at("evidence").get<std::uint64_t>();
  }
  EXPECT_EQ(end.status, timed_out ? 2 : 0) << end.output << end.errors;
  for (const char* consumer : {"gdb", "eu-stack", "abidiff", "valgrind", "systemtap"}) {
    EXPECT_TRUE(evidence[consumer] > 0 || (timed_out && std::string(consumer) == "abidiff"))
        << consumer << " proved nothing";
  }
}

std::string name_of(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.filename().string();
  for (auto& c : name) {
    if (!isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Debian, RealLibraries,
                         testing::ValuesIn(testing_support::real_libraries()), name_of);

}  // namespace
}  // namespace splitstrip
