// A program that runs beside the command, to be looked at by it.
#include <csignal>

#include <gmock/gmock.h>

#include "run/paths.h"
#include "run/program.h"
#include "run/runner_testing.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CompanionTest : public RunnerTest {
 protected:
  static Runner::Job with_companion(const std::string& script, const std::string& command) {
    Runner::Job job = shell(command);
    job.command.companion = Companion{{"sh", "-c", script}, {{"SPLITSTRIP_PAUSE", "1"}}, "ready"};
    return job;
  }
};

TEST_F(CompanionTest, is_ready_before_the_command_starts_and_gone_after) {
  const std::string seconds = unique_seconds();
  const Result result = run(with_companion(
      "echo not ready; sleep 0.1; echo; echo ready$SPLITSTRIP_PAUSE; echo ready; exec sleep " +
          seconds,
      "ps -o args= -p {pid}; echo '<{pid}>{pid}'"));
  EXPECT_EQ(result.ending.how, How::exited) << result.ending.reason;
  EXPECT_THAT(result.answer, HasSubstr("sleep " + seconds + "\n<"));
  EXPECT_FALSE(alive(seconds));
}

TEST_F(CompanionTest, may_be_attached_to_in_a_stage_too) {
  if (!program_exists("eu-stack")) GTEST_SKIP() << "no eu-stack";
  StageContent content;
  content.file_name = "libfoo.so.1";
  content.library.main = own_executable();
  const Stage stage(content, scratch_.path() / "stage", scratch_.path() / "root");
  for (const Stage* where : {static_cast<const Stage*>(nullptr), &stage}) {
    Runner::Job job = with_companion("echo ready; exec sleep 1000", "");
    job.command.argv = {"eu-stack", "-p", "{pid}"};
    job.stage = where;
    const Result result = run(std::move(job));
    EXPECT_THAT(result.answer, HasSubstr("#0"))
        << result.ending.reason << result.ending.errors_tail;
  }
}

TEST_F(CompanionTest, that_talks_on_and_on_disturbs_nobody) {
  const Result result = run(with_companion("echo ready; exec yes", "sleep 0.2; echo end"));
  EXPECT_EQ(result.answer, "end\n");
  EXPECT_EQ(result.ending.how, How::exited);
}

TEST_F(CompanionTest, that_ends_before_it_is_ready_is_the_reason) {
  Result result = run(with_companion("echo almost; exit 3", "echo never"));
  EXPECT_EQ(result.ending.how, How::not_started);
  EXPECT_THAT(result.ending.reason,
              AllOf(HasSubstr("sh: ended before it was ready"), HasSubstr("exit status 3")));
  EXPECT_EQ(result.answer, "");
  result = run(with_companion("echo cause >&2; kill -SEGV $$", "echo never"));
  EXPECT_THAT(result.ending.reason, HasSubstr("SIGSEGV"));
  EXPECT_EQ(result.ending.errors_tail, "cause\n");

  Runner::Job job = with_companion("", "echo never");
  job.command.companion->argv = {"/no/such/driver"};
  EXPECT_THAT(run(std::move(job)).ending.reason, HasSubstr("/no/such/driver"));
}

TEST_F(CompanionTest, that_says_it_is_ready_with_its_last_breath_counts) {
  EXPECT_EQ(run(with_companion("echo ready", "echo command")).answer, "command\n");
}

TEST_F(CompanionTest, that_is_never_ready_uses_up_the_time) {
  const std::string seconds = unique_seconds();
  Runner::Job job = with_companion("trap '' TERM; sleep " + seconds, "echo never");
  job.limits.timeout = std::chrono::milliseconds(100);
  const Result result = run(std::move(job));
  EXPECT_EQ(result.ending.how, How::timed_out);
  EXPECT_THAT(result.ending.reason, HasSubstr("sh: was not ready"));
  EXPECT_FALSE(alive(seconds));
}

TEST_F(CompanionTest, does_not_write_among_the_answers) {
  Runner::Job job =
      with_companion("echo noise >&2; echo ready; exec sleep 1000", "echo answer >&2");
  job.command.answers = Channel::standard_error;
  EXPECT_EQ(run(std::move(job)).answer, "answer\n");
}

TEST_F(CompanionTest, its_time_is_not_the_commands) {
  const Result result =
      run(with_companion("echo ready; while :; do :; done", "sleep 0.3; echo end"));
  EXPECT_EQ(result.ending.how, How::exited);
  EXPECT_LT(result.ending.cpu_seconds, 0.1);
}

}  // namespace
}  // namespace splitstrip
