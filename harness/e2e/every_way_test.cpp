// Every fixture, every consumer, every way to the debug file.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

TEST(EveryWay, leads_every_consumer_that_knows_it_to_the_same_answers) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  const auto end = splitstrip_program(
      {"check", "fixtures", "--found-by", "all", "--output", output, "--timeout", "120"});
  EXPECT_EQ(end.status, 0) << end.errors;

  std::map<std::string, std::set<std::string>> ways;  // in which a consumer proved something
  const auto result = read_result_json(output);
  for (const auto& cell : result.at("cells")) {
    const auto outcome = cell.at("outcome").get<std::string>();
    EXPECT_THAT(outcome, testing::AnyOf("same", "gained", "vacuous", "unavailable"))
        << cell.at("found_by") << " " << show(cell);
    if (outcome == "same" || outcome == "gained")
      ways[cell.at("consumer").get<std::string>()].insert(cell.at("found_by").get<std::string>());
  }
  // These know all of them. What others know is in results/found-by.md.
  for (const char* consumer : {"gdb", "eu-stack", "abidiff", "valgrind", "systemtap"})
    EXPECT_EQ(ways[consumer].size(), 5U) << consumer;
}

}  // namespace
}  // namespace splitstrip
