// That every command ends, whatever it does, and that nothing of it is left.
#include <algorithm>
#include <csignal>
#include <functional>

#include <gmock/gmock.h>
#include <sys/wait.h>

#include "run/program.h"
#include "run/runner_testing.h"

namespace splitstrip {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class RunnerEndTest : public RunnerTest {
 protected:
  // Runs `body` in a process of its own, which is to become what is killed; its exit status.
  template <typename Body>
  static pid_t in_process(Body&& body) {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    _exit(body());
  }
  static int wait_for(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }
  static bool appears(const std::filesystem::path& file) {
    for (int tries = 0; tries < 6000 && !std::filesystem::exists(file); ++tries)
      std::this_thread::sleep_for(milliseconds(10));
    return std::filesystem::exists(file);
  }
};

TEST_F(RunnerEndTest, a_hanging_command_is_ended_in_time) {
  Runner::Job job = shell("sleep " + unique_seconds());
  job.limits.timeout = milliseconds(100);
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::timed_out);
  EXPECT_GE(result.ending.seconds, 0.1);
  EXPECT_LT(result.ending.seconds, 10);
  EXPECT_EQ(result.ending.reason, "");
}

TEST_F(RunnerEndTest, a_command_may_tidy_up_within_half_a_second) {
  Runner::Job job = shell("trap 'echo tidied; exit 0' TERM; echo go; while :; do sleep 0.01; done");
  job.limits.timeout = milliseconds(200);
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::timed_out);
  EXPECT_EQ(result.answer, "go\ntidied\n");
}

TEST_F(RunnerEndTest, what_ignores_sigterm_is_killed) {
  const std::string seconds = unique_seconds();
  Runner::Job job = shell("trap '' TERM HUP INT; sleep " + seconds);
  job.limits.timeout = milliseconds(100);
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::timed_out);
  EXPECT_EQ(result.ending.code, SIGKILL);
  EXPECT_GE(result.ending.seconds, 0.6);
  EXPECT_LT(result.ending.seconds, 10);
  EXPECT_FALSE(alive(seconds));
}

TEST_F(RunnerEndTest, a_stopped_command_is_ended) {
  Runner::Job job = shell("kill -STOP $$");
  job.limits.timeout = milliseconds(100);
  EXPECT_EQ(run(std::move(job)).ending.how, How::timed_out);
}

TEST_F(RunnerEndTest, daemons_and_grandchildren_go_with_the_command) {
  const std::string seconds = unique_seconds();
  // Out of the session, out of the group, without a parent, deaf to SIGTERM and holding the pipes.
  const std::string leave = "trap '' TERM HUP; (setsid sh -c 'sleep " + seconds + " & sleep " +
                            seconds + "' &); (setsid setsid sleep " + seconds +
                            " >/dev/null 2>&1 </dev/null &); ";
  Result result = run(shell(leave + "sleep 0.1; exit 7"));
  EXPECT_EQ(result.ending.how, How::exited);
  EXPECT_EQ(result.ending.code, 7);
  EXPECT_EQ(result.ending.reason, "");
  EXPECT_LT(result.ending.seconds, 10);
  EXPECT_FALSE(alive(seconds));

  Runner::Job job = shell(leave + "sleep " + seconds);
  job.limits.timeout = milliseconds(150);
  result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::timed_out);
  EXPECT_EQ(result.ending.reason, "");
  EXPECT_FALSE(alive(seconds));
}

TEST_F(RunnerEndTest, a_process_that_forks_for_ever_is_ended) {
  // Each generation lives just long enough to make the next one.
  const std::string mark = unique_seconds();
  std::ofstream(scratch_.path() / "fork") << "sleep 0.01; sh ./fork " << mark << " &\n";
  Runner::Job job = shell("trap '' TERM; sh ./fork " + mark + " & sleep " + mark);
  job.limits.timeout = milliseconds(200);
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::timed_out);
  EXPECT_EQ(result.ending.reason, "");
  EXPECT_FALSE(alive(mark));
}

TEST_F(RunnerEndTest, gdb_and_the_program_that_it_stopped_are_ended) {
  if (!program_exists("gdb")) GTEST_SKIP() << "no gdb";
  const std::string seconds = unique_seconds();
  Runner runner(1);
  Runner::Job job = shell("");
  job.command.argv = {"gdb",    "-nx",    "-q",   "-batch",
                      "-ex",    "starti", "-ex",  "shell sleep 1000",
                      "--args", "sleep",  seconds};
  job.scratch = scratch_.path();
  std::string answer;
  job.answer = [&](std::string_view bytes) {
    answer += bytes;
    if (answer.find("Program stopped") != std::string::npos) runner.cancel();
  };
  Ending ending;
  job.ended = [&](const Ending& end) { ending = end; };
  runner.start(std::move(job));
  runner.run();
  EXPECT_EQ(ending.how, How::cancelled) << answer << ending.errors_tail;
  EXPECT_EQ(ending.reason, "");
  EXPECT_FALSE(alive(seconds));
}

TEST_F(RunnerEndTest, gigabytes_of_answers_stop_at_the_limit_to_the_byte) {
  Runner::Job job;
  job.command.argv = {"yes"};
  job.limits.answer_bytes = 10'000'001;
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::too_much_output);
  EXPECT_EQ(result.answer.size(), 10'000'001U);
}

TEST_F(RunnerEndTest, gigabytes_on_a_stream_that_is_thrown_away_are_too_much_as_well) {
  for (const char* script : {"yes", "yes >&2"}) {
    Runner::Job job = shell(script);
    job.command.answers = Channel::facts;
    job.limits.answer_bytes = 1'000'000;
    const Result result = run(std::move(job));
    EXPECT_EQ(result.ending.how, How::too_much_output) << script;
    EXPECT_EQ(result.answer, "");
  }
}

TEST_F(RunnerEndTest, exactly_the_limit_is_not_too_much) {
  Runner::Job job = shell("head -c 100000 /dev/zero");
  job.limits.answer_bytes = 100'000;
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::exited);
  EXPECT_EQ(result.answer.size(), 100'000U);
}

TEST_F(RunnerEndTest, whoever_kills_the_helper_is_told_of_and_leaves_nothing_behind) {
  const std::string seconds = unique_seconds();
  const Result result =
      run(shell("helper=$PPID; (setsid sleep " + seconds + " &); sh -c 'sleep " + seconds +
                "; true' & sleep 0.1; kill -KILL $helper; sleep " + seconds));
  EXPECT_EQ(result.ending.how, How::not_started);
  EXPECT_THAT(result.ending.reason, HasSubstr("killed by SIGKILL"));
  EXPECT_FALSE(alive(seconds));
}

TEST_F(RunnerEndTest, cancelling_ends_what_runs_and_what_waits) {
  Runner runner(2);
  const std::string seconds = unique_seconds();
  Result results[4];
  for (Result& result : results) start(runner, shell("sleep " + seconds), result);
  bool worked = false;
  int ticks = 0;
  runner.every(50, [&] {
    // Both slots are taken by now, so this waits.
    if (++ticks == 1) runner.compute([&] { worked = true; }, [&] { worked = true; });
    if (ticks == 2) runner.cancel();
  });
  runner.run();
  for (const Result& result : results) {
    EXPECT_EQ(result.ending.how, How::cancelled);
    EXPECT_EQ(result.ended, 1);
  }
  EXPECT_EQ(results[3].ending.seconds, 0);
  EXPECT_FALSE(worked);
  EXPECT_FALSE(alive(seconds));
  // What comes after is cancelled as well.
  Result late;
  start(runner, shell("true"), late);
  runner.run();
  EXPECT_EQ(late.ending.how, How::cancelled);
}

TEST_F(RunnerEndTest, a_runner_that_goes_takes_its_commands_along) {
  const std::string seconds = unique_seconds();
  {
    Runner runner(1);
    Result result;
    Runner::Job job = shell("sleep " + seconds);
    job.started = [&] { throw std::runtime_error("leave"); };
    start(runner, std::move(job), result);
    EXPECT_THROW(runner.run(), std::runtime_error);
  }
  EXPECT_FALSE(alive(seconds));
}

TEST_F(RunnerEndTest, nothing_outlives_a_harness_that_is_killed) {
  const std::string seconds = unique_seconds();
  const pid_t harness = in_process([&] {
    Runner runner(3);
    Result results[4];
    for (Result& result : results)
      start(runner,
            shell("trap '' TERM HUP; (setsid sleep " + seconds + " &); sh -c 'sleep " + seconds +
                  "; true'"),
            result);
    runner.run();
    return 0;
  });
  ASSERT_TRUE(becomes_alive(seconds));
  std::this_thread::sleep_for(milliseconds(200));
  kill(harness, SIGKILL);
  wait_for(harness);
  EXPECT_TRUE(dies(seconds));
}

// A busy machine may hold up either end as long as it likes: what ignores SIGTERM says that it does
// before it is asked, and only the shortest of several endings tells what was waited for.
TEST_F(RunnerEndTest, ctrl_c_cancels_and_a_second_one_does_not_wait) {
  const auto seconds_to_end = [&](int signals) {
    const std::string mark = unique_seconds();
    const std::filesystem::path deaf = scratch_.path() / ("deaf" + mark);
    const pid_t harness = in_process([&] {
      Runner runner(1);
      Result result;
      start(runner, shell("trap '' TERM; : > " + deaf.string() + "; sleep " + mark), result);
      runner.run();
      return runner.cancelled() && result.ending.how == How::cancelled &&
                     result.ending.reason.empty() && !alive(mark)
                 ? 42
                 : 1;
    });
    EXPECT_TRUE(appears(deaf));
    const auto asked = std::chrono::steady_clock::now();
    for (int i = 0; i < signals; ++i) {
      if (i > 0) std::this_thread::sleep_for(milliseconds(50));
      kill(harness, SIGINT);
    }
    const int status = wait_for(harness);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 42) << signals;
    EXPECT_FALSE(alive(mark));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count();
  };
  EXPECT_GE(seconds_to_end(1), 0.5) << "half a second for SIGTERM";
  double shortest = seconds_to_end(2);
  for (int tries = 1; tries < 20 && shortest >= 0.5; ++tries)
    shortest = std::min(shortest, seconds_to_end(2));
  EXPECT_LT(shortest, 0.5);
}

TEST_F(RunnerEndTest, sigterm_cancels_too) {
  const std::string seconds = unique_seconds();
  const pid_t harness = in_process([&] {
    Runner runner(1);
    Result result;
    start(runner, shell("sleep " + seconds), result);
    runner.run();
    return result.ending.how == How::cancelled ? 42 : 1;
  });
  ASSERT_TRUE(becomes_alive(seconds));
  kill(harness, SIGTERM);
  const int status = wait_for(harness);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

}  // namespace
}  // namespace splitstrip
