#include "report/outcome.h"

#include <gtest/gtest.h>

#include "report/result.h"

namespace splitstrip {
namespace {

OutcomeCounts counts(std::initializer_list<Outcome> outcomes) {
  OutcomeCounts counted;
  for (const auto outcome : outcomes) counted.add(outcome);
  return counted;
}

int exit_of(std::initializer_list<Outcome> outcomes) {
  return exit_code(judge(counts(outcomes), {}));
}

CellResult cell(std::string consumer, Outcome outcome) {
  CellResult made;
  made.consumer = std::move(consumer);
  made.outcome = outcome;
  return made;
}

TEST(Outcome, names_are_read_back) {
  for (const auto outcome : all_outcomes) EXPECT_EQ(parse_outcome(to_string(outcome)), outcome);
  EXPECT_FALSE(parse_outcome("fine"));
  EXPECT_EQ(parse_verdict("regressed"), Verdict::regressed);
  EXPECT_FALSE(parse_verdict("ok"));
}

TEST(Outcome, each_alone_gives_the_exit_code_of_the_design) {
  EXPECT_EQ(exit_of({Outcome::same}), 0);
  EXPECT_EQ(exit_of({Outcome::gained}), 0);
  EXPECT_EQ(exit_of({Outcome::regressed}), 1);
  EXPECT_EQ(exit_of({Outcome::vacuous}), 0);
  EXPECT_EQ(exit_of({Outcome::unavailable}), 0);
  EXPECT_EQ(exit_of({Outcome::unstable}), 0);
  EXPECT_EQ(exit_of({Outcome::timeout}), 2);
  EXPECT_EQ(exit_of({Outcome::crashed}), 2);
  EXPECT_EQ(exit_of({Outcome::error}), 2);
}

TEST(Outcome, a_regression_is_not_hidden_by_a_failure) {
  EXPECT_EQ(exit_of({Outcome::same, Outcome::timeout, Outcome::regressed}), 1);
  EXPECT_EQ(exit_of({Outcome::same, Outcome::timeout}), 2);
  EXPECT_EQ(worse(Outcome::regressed, Outcome::error), Outcome::regressed);
  EXPECT_EQ(worse(Outcome::same, Outcome::vacuous), Outcome::vacuous);
}

TEST(Outcome, nothing_asked_is_no_pass) {
  EXPECT_EQ(exit_of({}), 2);
  EXPECT_EQ(judge(counts({Outcome::vacuous, Outcome::unavailable}), {}), Verdict::vacuous);
  EXPECT_EQ(judge(counts({Outcome::vacuous, Outcome::same}), {}), Verdict::same);
}

TEST(Summarise, a_required_consumer_must_prove_something) {
  const std::vector cells = {cell("gdb", Outcome::same), cell("valgrind", Outcome::unavailable),
                             cell("gdb", Outcome::vacuous)};
  EXPECT_EQ(summarise(cells, {}).exit, 0);
  EXPECT_EQ(summarise(cells, {"gdb"}).exit, 1);
  EXPECT_EQ(summarise(cells, {"valgrind"}).exit, 1);
  EXPECT_EQ(summarise(cells, {"valgrind"}).verdict, Verdict::missing);
  EXPECT_EQ(summarise(cells, {"stap"}).exit, 1) << "a consumer without any cell";
  EXPECT_EQ(summarise({cells[0]}, {"gdb"}).exit, 0);
}

TEST(Summarise, a_required_consumer_that_is_unstable_has_failed) {
  const std::vector cells = {cell("gdb", Outcome::same), cell("lldb", Outcome::unstable)};
  EXPECT_EQ(summarise(cells, {}).exit, 0);
  EXPECT_EQ(summarise(cells, {}).verdict, Verdict::same);
  EXPECT_EQ(summarise(cells, {"gdb"}).exit, 0);
  EXPECT_EQ(summarise(cells, {"lldb"}).exit, 2);
  EXPECT_EQ(summarise(cells, {"lldb", "stap"}).exit, 2);
}

TEST(Summarise, counts_every_outcome) {
  std::vector<CellResult> cells;
  for (const auto outcome : all_outcomes) cells.push_back(cell("gdb", outcome));
  const auto summary = summarise(cells, {});
  for (const auto outcome : all_outcomes) EXPECT_EQ(summary.counts.of(outcome), 1U);
  EXPECT_EQ(summary.counts.total(), all_outcomes.size());
  EXPECT_EQ(summary.counts.of(Standing::failed), 3U);
}

TEST(Result, time_is_iso8601_in_utc) {
  EXPECT_EQ(iso8601_utc(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(iso8601_utc(1795405506), "2026-11-23T03:45:06Z");
}

TEST(Result, the_host_is_known) {
  const auto host = this_host();
  EXPECT_FALSE(host.machine.empty());
  EXPECT_FALSE(host.kernel.empty());
}

}  // namespace
}  // namespace splitstrip
