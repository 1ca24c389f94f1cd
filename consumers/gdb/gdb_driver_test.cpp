// Real gdb on drivers: what it sees while they run and in their core files, that it is the same on
// every run, and that it needs the debug file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/gdb/gdb.h"
#include "consumers/gdb/test_stage.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "run/paths.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::MatchesRegex;
using testing::Not;
using testing::Pair;
using testing::StartsWith;
using testing_support::Answers;
using testing_support::GdbStage;

class GdbOnDriver : public testing::Test {
 protected:
  void SetUp() override {
    const auto found = make_gdb()->detect();
    if (!found.available) GTEST_SKIP() << found.reason;
  }
};

GdbStage threads() {
  const auto fixture = data_directory("fixtures") / "threads";
  Driver driver;
  driver.break_functions = {"threads_start", "wait_at_place"};
  driver.finish_functions = {"announce_below"};
  driver.step_from = "threads_finish";
  return GdbStage(fixture / "libthreads.so", fixture / "driver", driver);
}

// Keys whose value in `answers` does not need the debug file.
std::size_t common_facts(const Answers& answers, const Answers& withheld, const char* query) {
  std::size_t common = 0;
  if (!withheld.facts.contains(query)) return 0;
  for (const auto& fact : withheld.facts.at(query))
    if (const auto same = answers.facts.at(query).find(fact.first);
        same != answers.facts.at(query).end())
      common += same->second == fact.second;
  return common;
}

void expect_answered(const Answers& answers) {
  for (const auto& end : answers.ends)
    EXPECT_EQ(end.how, QueryEnd::How::answered) << end.query << ": " << end.reason;
  EXPECT_THAT(answers.repeated, IsEmpty());
}

TEST_F(GdbOnDriver, sees_breakpoints_returned_values_steps_and_threads) {
  auto stage = threads();
  const auto answers = stage.ask({"live"});
  expect_answered(answers);
  const auto& facts = answers.facts.at("live");
  EXPECT_THAT(facts, Contains(Pair("break threads_start hit 1 #0",
                                   HasSubstr("threads_start () at fixtures/threads/lib.c:"))));
  EXPECT_THAT(facts, Contains(Pair("break threads_start hit 1 #1", "main in driver")));
  EXPECT_THAT(facts, Contains(Pair("break wait_at_place hit 3 #0",
                                   StartsWith("wait_at_place (pool = heap, number = "))));
  EXPECT_THAT(facts, Contains(Pair(StartsWith("finish announce_below hit 1"),
                                   StartsWith("returned int = 204; to gathered (pool = heap"))));
  EXPECT_THAT(facts, Contains(Key(MatchesRegex("step [0-9]+"))).Times(testing::Ge(3)));
  for (const char* function : {"count", "nap", "peruse", "announce"})
    EXPECT_THAT(facts, Contains(Pair(MatchesRegex("paused thread [1-4] #[0-9]+"),
                                     AllOf(StartsWith(function), HasSubstr("lib.c:")))));
  for (const char* number : {"int = 0", "int = 1", "int = 2", "int = 99"})
    EXPECT_THAT(facts,
                Contains(Pair(MatchesRegex("paused thread [1-4] thread-local threads_own_number"),
                              number)));
  EXPECT_EQ(facts, stage.ask({"live"}).facts.at("live")) << "not the same from run to run";

  stage.withhold_debug();
  const auto withheld = stage.ask({"live"});
  expect_answered(withheld);
  EXPECT_LT(common_facts(answers, withheld, "live"), facts.size() / 4);
}

TEST_F(GdbOnDriver, sees_the_same_threads_in_a_core_file) {
  auto stage = threads();
  stage.write_core();
  const auto answers = stage.ask({"core"});
  expect_answered(answers);
  const auto& facts = answers.facts.at("core");
  for (const char* function : {"count", "nap", "peruse", "announce"})
    EXPECT_THAT(facts, Contains(Pair(MatchesRegex("thread [1-4] #[0-9]+"),
                                     AllOf(StartsWith(function), HasSubstr("lib.c:")))));
  EXPECT_THAT(facts, Contains(Pair("thread 1 thread-local own_state",
                                   "struct {...} = {role = threads_counter, seen = 1}")));
  EXPECT_THAT(facts, Contains(Pair("variable role_names", HasSubstr("\"sleeper\""))));
  EXPECT_EQ(facts, stage.ask({"core"}).facts.at("core")) << "not the same from run to run";

  stage.withhold_debug();
  EXPECT_LT(common_facts(answers, stage.ask({"core"}), "core"), facts.size() / 2);
}

TEST_F(GdbOnDriver, sees_versioned_functions_and_variables) {
  const auto fixture = data_directory("fixtures") / "data";
  Driver driver;
  driver.finish_functions = {"data_versioned_2", "data_get_protected"};
  GdbStage stage(fixture / "libdata.so", fixture / "driver", driver);
  const auto answers = stage.ask({"live"});
  expect_answered(answers);
  const auto& facts = answers.facts.at("live");
  EXPECT_THAT(facts,
              Contains(Pair("finish data_get_protected hit 1", StartsWith("returned int = 155"))));
  EXPECT_THAT(facts,
              Contains(Pair("finish data_versioned_2 hit 1", StartsWith("returned long = 40"))));
  EXPECT_THAT(facts, Contains(Pair("paused variable data_protected", "int = 77")));
}

// What the program that is debugged may do to its descriptors must not look like an answer.
TEST_F(GdbOnDriver, keeps_its_answers_from_the_program_that_it_runs) {
  const ScratchDirectory scratch;
  const auto library = scratch.path() / "libsmall.so";
  const auto program = scratch.path() / "driver";
  testing_support::build_library(library, "int answer(int a) { return a + 1; }");
  write_file(scratch.path() / "driver.c", R"(
    #include <stdio.h>
    #include <stdlib.h>
    #include <unistd.h>
    int answer(int);
    int main(void) {
      for (int fd = 3; fd < 200; ++fd)
        if (write(fd, "live\tforged\tfact\n", 17) > 0) return 1;
      const int got = answer(1);
      if (getenv("SPLITSTRIP_PAUSE") == NULL) return 0;
      puts("splitstrip: ready");
      fflush(stdout);
      for (;;) pause();
      return got;
    })");
  testing_support::run({"gcc", "-o", program.string(), (scratch.path() / "driver.c").string(),
                        library.string(), "-Wl,-rpath,$ORIGIN/../lib"});
  Driver driver;
  driver.finish_functions = {"answer"};
  GdbStage stage(library, program, driver);
  const auto answers = stage.ask({"live"});
  expect_answered(answers);
  EXPECT_THAT(answers.facts.at("live"),
              Contains(Pair("finish answer hit 1", StartsWith("returned int = 2; to main"))));
  EXPECT_THAT(answers.facts.at("live"), Not(Contains(Key("forged"))));
  EXPECT_THAT(answers.facts.at("live"), Contains(Key("paused thread 1 #0")));
}

TEST_F(GdbOnDriver, a_driver_that_never_waits_is_a_failure) {
  const ScratchDirectory scratch;
  const auto library = scratch.path() / "libsmall.so";
  const auto program = scratch.path() / "driver";
  testing_support::build_library(library, "int answer(int a) { return a + 1; }");
  write_file(scratch.path() / "driver.c", "int answer(int); int main(void) { return answer(6); }");
  testing_support::run({"gcc", "-o", program.string(), (scratch.path() / "driver.c").string(),
                        library.string(), "-Wl,-rpath,$ORIGIN/../lib"});
  GdbStage stage(library, program);
  const auto answers = stage.ask({"live"});
  ASSERT_EQ(answers.ends.size(), 1U);
  EXPECT_EQ(answers.ends[0].how, QueryEnd::How::failed);
  EXPECT_THAT(answers.ends[0].reason, HasSubstr("exited 7"));
}

}  // namespace
}  // namespace splitstrip
