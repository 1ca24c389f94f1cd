#include "run/runner.h"

#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::HasSubstr;
using How = Ending::How;

struct Result {
  Ending ending;
  std::string answer;
  int ended = 0;
};

class RunnerTest : public testing::Test {
 protected:
  static Runner::Job shell(const std::string& script) {
    Runner::Job job;
    job.command.argv = {"sh", "-c", script};
    job.limits.timeout = std::chrono::seconds(20);
    return job;
  }

  void start(Runner& runner, Runner::Job job, Result& result) {
    job.scratch = scratch_.path();
    job.answer = [&result](std::string_view bytes) { result.answer += bytes; };
    job.ended = [&result](const Ending& ending) {
      result.ending = ending;
      ++result.ended;
    };
    runner.start(std::move(job));
  }

  Result run(Runner::Job job) {
    Runner runner(1);
    Result result;
    start(runner, std::move(job), result);
    EXPECT_EQ(result.ended, 0);
    runner.run();
    EXPECT_EQ(result.ended, 1);
    return result;
  }

  ScratchDirectory scratch_;
};

TEST_F(RunnerTest, says_exit_status_answer_errors_and_what_it_took) {
  const Result result = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(result.ending.how, How::exited);
  EXPECT_EQ(result.ending.code, 3);
  EXPECT_EQ(result.answer, "out\n");
  EXPECT_EQ(result.ending.errors_tail, "err\n");
  EXPECT_EQ(result.ending.reason, "");
  EXPECT_GT(result.ending.seconds, 0);
  EXPECT_GT(result.ending.cpu_seconds, 0);
  EXPECT_GT(result.ending.peak_rss_bytes, 100'000U);
}

TEST_F(RunnerTest, says_the_signal) {
  const Result result = run(shell("kill -SEGV $$"));
  EXPECT_EQ(result.ending.how, How::signalled);
  EXPECT_EQ(result.ending.code, SIGSEGV);
}

}  // namespace
}  // namespace splitstrip
