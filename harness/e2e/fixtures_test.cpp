// Every consumer on every fixture: the typedata recipe changes nothing, and each query proves
// something.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

TEST(Fixtures, keep_every_answer_under_the_typedata_recipe) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  // Those that every change has time for; the others are with the long tests (false alarms).
  std::vector<std::string> words{"check"};
  for (const char* name :
       {"assembly", "calls", "cxxclass", "cxxgeneric", "data", "dlang", "ffi-arguments",
        "ffi-callbacks", "ffi-cxx", "ffi-memory", "ffi-pointers", "ffi-structures", "ffi-values",
        "libonly", "memerror", "rust", "threads", "types"})
    words.emplace_back(name);
  words.insert(words.end(), {"--output", output, "--timeout", "120"});
  const auto end = splitstrip_program(words);
  const auto result = read_result_json(output);
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  EXPECT_EQ(result.at("subjects").size(), 18U);

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
