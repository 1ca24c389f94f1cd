// What comes back from a command: how it ended, what it said, why it could not be started.
#include <csignal>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "run/file_descriptor.h"
#include "run/program.h"
#include "run/runner_testing.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

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

TEST_F(RunnerTest, counts_the_time_of_children_and_of_orphans) {
  const std::string work = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
  const double one = run(shell(work)).ending.cpu_seconds;
  const double child = run(shell("(" + work + "); true")).ending.cpu_seconds;
  EXPECT_GT(child, one / 3);
  // Its parent gone, the orphan becomes a child of the helper.
  const double orphan =
      run(shell("(sh -c '" + work +
                "; : > done' &); until [ -e done ]; do sleep 0.01; done; sleep 0.05"))
          .ending.cpu_seconds;
  EXPECT_GT(orphan, one / 3);
}

TEST_F(RunnerTest, takes_the_answers_from_the_channel_asked_for) {
  const std::string script = "echo out; echo err >&2; if [ -e /dev/fd/3 ]; then echo fact >&3; fi";
  Runner::Job job = shell(script);
  job.command.answers = Channel::standard_error;
  EXPECT_EQ(run(std::move(job)).answer, "err\n");
  job = shell(script);
  job.command.answers = Channel::facts;
  EXPECT_EQ(run(std::move(job)).answer, "fact\n");
  EXPECT_EQ(run(shell(script)).answer, "out\n");
}

TEST_F(RunnerTest, its_channels_can_be_opened_by_name) {
  Runner::Job job = shell("echo out > /dev/stdout; echo fact > /dev/fd/3");
  job.command.answers = Channel::facts;
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.code, 0) << result.ending.errors_tail;
  EXPECT_EQ(result.answer, "fact\n");
}

TEST_F(RunnerTest, passes_garbage_through) {
  Runner::Job job = shell("head -c 300000 /dev/urandom | tee /dev/fd/3 | tee /dev/stderr");
  job.command.answers = Channel::facts;
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::exited);
  EXPECT_EQ(result.answer.size(), 300'000U);
  EXPECT_EQ(result.ending.errors_tail.size(), 4096U);
}

TEST_F(RunnerTest, keeps_the_last_of_a_flood_of_errors) {
  const Result result = run(shell("yes error | head -n 100000 >&2; echo the last >&2"));
  EXPECT_EQ(result.ending.errors_tail.size(), 4096U);
  EXPECT_THAT(result.ending.errors_tail, testing::EndsWith("error\nthe last\n"));
}

TEST_F(RunnerTest, gives_a_clean_environment_and_nothing_that_the_harness_has_open) {
  setenv("DEBUGINFOD_URLS", "https://example.invalid", 1);
  setenv("LD_DEBUG", "help", 1);
  const FileDescriptor inheritable(dup(STDERR_FILENO));
  const FileDescriptor further(fcntl(STDERR_FILENO, F_DUPFD, 10));
  Runner::Job job = shell("env; pwd; ls /proc/self/fd");
  job.command.environment = {{"MINE", "a b"}, {"TERM", "other"}};
  const std::string answer = run(std::move(job)).answer;
  unsetenv("DEBUGINFOD_URLS");
  unsetenv("LD_DEBUG");
  const std::string scratch = scratch_.path().string();
  EXPECT_THAT(answer, AllOf(HasSubstr("LC_ALL=C.UTF-8\n"), HasSubstr("HOME=" + scratch + "\n"),
                            HasSubstr("TMPDIR=" + scratch + "\n"), HasSubstr("MINE=a b\n"),
                            HasSubstr("TERM=other\n"), HasSubstr("\n" + scratch + "\n")));
  EXPECT_THAT(answer, AllOf(Not(HasSubstr("DEBUGINFOD")), Not(HasSubstr("LD_DEBUG"))));
  // 3 is the directory that ls reads.
  EXPECT_THAT(answer, testing::EndsWith("\n0\n1\n2\n3\n"));
}

TEST_F(RunnerTest, reads_standard_input_from_a_file) {
  std::ofstream(scratch_.path() / "in") << "given";
  Runner::Job job;
  job.command.argv = {"cat"};
  job.command.standard_input = scratch_.path() / "in";
  EXPECT_EQ(run(std::move(job)).answer, "given");
  EXPECT_EQ(run(shell("cat")).answer, "");
}

TEST_F(RunnerTest, what_cannot_be_started_is_named_with_what_to_do) {
  const auto reason = [&](std::vector<std::string> argv) {
    Runner::Job job;
    job.command.argv = std::move(argv);
    const Result result = run(std::move(job));
    EXPECT_EQ(result.ending.how, How::not_started);
    return result.ending.reason;
  };
  const auto file = [&](const char* name, const char* content, std::filesystem::perms mode) {
    const auto path = scratch_.path() / name;
    std::ofstream(path) << content;
    std::filesystem::permissions(path, mode);
    return path.string();
  };
  using std::filesystem::perms;
  EXPECT_THAT(reason({"no-such-program"}), HasSubstr("no-such-program: not found in PATH"));
  EXPECT_THAT(reason({"/no/such"}), AllOf(HasSubstr("/no/such"), HasSubstr("does not exist")));
  EXPECT_THAT(reason({"/"}), HasSubstr("/: cannot be executed"));
  EXPECT_THAT(reason({file("plain", "#!/bin/sh\n", perms::owner_read)}),
              AllOf(HasSubstr("plain"), HasSubstr("execute permission")));
  EXPECT_THAT(reason({file("script", "#!/no/such/interpreter\n", perms::owner_all)}),
              HasSubstr("interpreter"));
  EXPECT_THAT(reason({file("garbage", "\1\2\3", perms::owner_all)}),
              AllOf(HasSubstr("garbage"), HasSubstr("no program of this machine")));
  EXPECT_THAT(reason({}), HasSubstr("without a program"));
  EXPECT_THAT(reason({std::string("a\0b", 3)}), HasSubstr("NUL"));
  EXPECT_THAT(reason({"echo", std::string(300'000, 'x')}), HasSubstr("echo: cannot be executed"));

  Runner::Job job = shell("true");
  job.command.working_directory = "/no/such";
  EXPECT_THAT(run(std::move(job)).ending.reason, HasSubstr("working directory"));
  job = shell("true");
  job.command.standard_input = "/no/such";
  EXPECT_THAT(run(std::move(job)).ending.reason, HasSubstr("standard input"));
}

TEST_F(RunnerTest, limits_the_files_and_cores_that_are_written) {
  Runner::Job job = shell("ulimit -c; head -c 100000 /dev/zero > big; ls -s big | cut -d' ' -f1");
  job.limits.file_bytes = 50'000;
  const Result result = run(std::move(job));
  EXPECT_THAT(result.answer, testing::StartsWith("0\n"));
  EXPECT_LE(std::filesystem::file_size(scratch_.path() / "big"), 50'000U);
}

TEST_F(RunnerTest, runs_as_many_at_once_as_it_may_and_in_order) {
  Runner runner(3);
  std::vector<int> begun;
  int running = 0;
  int most = 0;
  for (int i = 0; i < 10; ++i) {
    Runner::Job job = shell("sleep 0.02");
    job.scratch = scratch_.path();
    job.started = [&, i] {
      begun.push_back(i);
      most = std::max(most, ++running);
    };
    job.ended = [&](const Ending& ending) {
      EXPECT_EQ(ending.how, How::exited);
      --running;
    };
    runner.start(std::move(job));
  }
  runner.run();
  EXPECT_THAT(begun, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(most, 3);
  EXPECT_FALSE(runner.cancelled());
}

TEST_F(RunnerTest, work_goes_to_threads_and_may_start_jobs_when_it_is_done) {
  Runner runner(2);
  const auto self = std::this_thread::get_id();
  std::thread::id worker;
  Result result;
  runner.compute(
      [&] {
        worker = std::this_thread::get_id();
        // As recipes do it.
        EXPECT_TRUE(Program::start({"true"}).wait().ok());
      },
      [&] {
        EXPECT_EQ(std::this_thread::get_id(), self);
        start(runner, shell("echo then"), result);
      });
  runner.run();
  EXPECT_NE(worker, std::thread::id());
  EXPECT_NE(worker, self);
  EXPECT_EQ(result.answer, "then\n");
}

TEST_F(RunnerTest, ticks_while_it_runs) {
  Runner runner(1);
  int ticks = 0;
  runner.every(10, [&] { ++ticks; });
  Result result;
  start(runner, shell("sleep 0.2"), result);
  runner.run();
  EXPECT_GE(ticks, 5);
  EXPECT_LE(ticks, 40);
}

TEST_F(RunnerTest, nothing_to_do_is_no_wait) {
  Runner runner(1);
  runner.every(10, [] {});
  runner.run();
  EXPECT_FALSE(runner.cancelled());
}

TEST_F(RunnerTest, an_exception_from_a_callback_cancels_the_rest_and_comes_out_of_run) {
  const std::string seconds = unique_seconds();
  for (const std::string where : {"answer", "ended", "started", "work", "done", "tick"}) {
    Runner runner(2);
    const auto here = [where](const std::string& place) {
      if (place == where) throw std::runtime_error("no room for facts");
    };
    Result other;
    start(runner, shell("sleep " + seconds), other);
    Runner::Job job = shell("echo x");
    job.scratch = scratch_.path();
    job.started = [&] { here("started"); };
    job.answer = [&](std::string_view) { here("answer"); };
    job.ended = [&](const Ending&) { here("ended"); };
    runner.start(std::move(job));
    runner.compute([&] { here("work"); }, [&] { here("done"); });
    if (where == "tick") runner.every(5, [&] { here("tick"); });
    EXPECT_THROW(runner.run(), std::runtime_error) << where;
    EXPECT_EQ(other.ending.how, How::cancelled) << where;
    EXPECT_TRUE(runner.cancelled());
  }
  EXPECT_FALSE(alive(seconds));
}

TEST_F(RunnerTest, a_harness_with_its_own_standard_input_closed_is_no_trouble) {
  const int saved = dup(STDIN_FILENO);
  close(STDIN_FILENO);
  Runner::Job job = shell("echo out; cat; echo fact >&3");
  job.command.answers = Channel::facts;
  const Result result = run(std::move(job));
  dup2(saved, STDIN_FILENO);
  close(saved);
  EXPECT_EQ(result.answer, "fact\n");
}

TEST_F(RunnerTest, five_hundred_jobs_leak_nothing_and_cost_little) {
  const auto descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
  };
  const auto cpu_seconds = [] {
    double sum = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
      rusage usage{};
      getrusage(who, &usage);
      for (const timeval& time : {usage.ru_utime, usage.ru_stime})
        sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
    return sum;
  };
  run(shell("true"));  // what is made once
  // What a process costs by itself: on some machines ten times as much as on others.
  constexpr int plain = 50;
  const double cpu_at_start = cpu_seconds();
  for (int i = 0; i < plain; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      execl("/bin/true", "true", nullptr);
      _exit(127);
    }
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
  }
  const double process = (cpu_seconds() - cpu_at_start) / plain;
  const auto before = descriptors();
  const double cpu_before = cpu_seconds();
  double commands = 0;
  constexpr int jobs = 500;
  {
    Runner runner(4);
    for (int i = 0; i < jobs; ++i) {
      Runner::Job job;
      job.command.argv = {"/bin/true"};
      job.scratch = scratch_.path();
      job.ended = [&](const Ending& ending) {
        EXPECT_EQ(ending.how, How::exited) << ending.reason;
        commands += ending.cpu_seconds;
      };
      runner.start(std::move(job));
    }
    runner.run();
  }
  EXPECT_EQ(descriptors(), before);
  const double overhead = (cpu_seconds() - cpu_before - commands) / jobs;
  RecordProperty("process_microseconds", static_cast<int>(process * 1e6));
  RecordProperty("overhead_microseconds_per_job", static_cast<int>(overhead * 1e6));
#ifdef __SANITIZE_ADDRESS__
  constexpr double most = 0.03;  // the helper's start, above all
#else
  // The helper, which is a process, and sees to the job's own.
  const double most = std::max(0.005, 4 * process);
#endif
  EXPECT_LT(overhead, most);
}

}  // namespace
}  // namespace splitstrip
