// Every fixture, every consumer, every way to the debug file.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

// bpftrace (0.17) has arguments through libdwfl, which asks debuginfod, and the names of functions
// that are not exported through another library, which does not: it loses those, whatever the
// recipe.
bool known(const nlohmann::json& cell) {
  return cell.at("consumer") == "bpftrace" && cell.at("found_by") == "debuginfod" &&
         cell.at("outcome") == "regressed" &&
         cell.at("reason").get<std::string>().find("of the conventional pair found so") !=
             std::string::npos;
}

TEST(EveryWay, leads_every_consumer_that_knows_it_to_the_same_answers) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  const auto end = splitstrip_program(
      {"check", "fixtures", "--found-by", "all", "--output", output, "--timeout", "120"});
  EXPECT_LT(end.status, 2) << end.output << end.errors;

  std::map<std::string, std::set<std::string>> ways;  // in which a consumer proved something
  const auto result = read_result_json(output);
  for (const auto& cell : result.at("cells")) {
    const auto outcome = cell.at("outcome").get<std::string>();
    if (known(cell)) continue;
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
