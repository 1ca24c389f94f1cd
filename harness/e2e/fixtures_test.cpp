// Every consumer on every fixture: the typedata recipe changes nothing, and each query proves
// something.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

// All queries of all consumers on `fixtures`, of which there are `subjects`.
void expect_every_answer_kept(std::vector<std::string> fixtures, std::size_t subjects) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  fixtures.insert(fixtures.begin(), "check");
  fixtures.insert(fixtures.end(), {"--output", output, "--timeout", "120"});
  const auto end = splitstrip_program(fixtures);
  const auto result = read_result_json(output);
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  EXPECT_EQ(result.at("subjects").size(), subjects);

  const auto valid = Program::start({"/usr/bin/python3", SPLITSTRIP_VALIDATE, SPLITSTRIP_SCHEMA,
                                     output / "result.json"})
                         .wait();
  EXPECT_EQ(valid.status, 0) << valid.output << valid.errors;

  std::map<std::string, std::uint64_t> evidence;  // of each query, over all fixtures
  std::map<std::string, bool> unavailable;
  for (const auto& cell : result.at("cells")) {
    const auto outcome = cell.at("outcome").get<std::string>();
    EXPECT_THAT(outcome, testing::AnyOf("same", "gained", "vacuous", "unavailable")) << show(cell);
    const auto query =
        cell.at("consumer").get<std::string>() + " " + cell.at("query").get<std::string>();
    evidence[query] += cell.at("evidence").get<std::uint64_t>();
    unavailable[query] |= outcome == "unavailable";
  }
  for (const auto& [query, facts] : evidence) {
    EXPECT_TRUE(facts > 0 || unavailable[query]) << query << " proves nothing on any fixture";
  }
}

// One of each language or so, for every change; all of them are with the long tests.
TEST(Fixtures, keep_every_answer_under_the_typedata_recipe) {
  expect_every_answer_kept({"ada", "cxxclass", "ffi-values", "folded", "fortran", "memerror",
                            "mixed", "threads", "types"},
                           9);
}

TEST(EveryFixture, keeps_every_answer_under_the_typedata_recipe) {
  expect_every_answer_kept({"fixtures"}, 24);
}

// What needs the debug file has to need it there, too: the machine's own must not answer.
TEST(Fixtures, keep_every_answer_where_there_are_no_mount_namespaces) {
  setenv("SPLITSTRIP_NO_NAMESPACE", "1", 1);
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  const auto end =
      splitstrip_program({"check", "types", "memerror", "--output", output, "--timeout", "120"});
  unsetenv("SPLITSTRIP_NO_NAMESPACE");
  const auto result = read_result_json(output);
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  std::map<std::string, std::uint64_t> evidence;
  for (const auto& cell : result.at("cells"))
    evidence[cell.at("consumer").get<std::string>()] += cell.at("evidence").get<std::uint64_t>();
  for (const char* consumer : {"gdb", "eu-stack", "abidiff", "valgrind", "systemtap", "binutils",
                               "llvm", "pahole", "perf", "rr"})
    EXPECT_GT(evidence[consumer], 0U) << consumer;
}

}  // namespace
}  // namespace splitstrip
