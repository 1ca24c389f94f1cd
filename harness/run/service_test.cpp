// Programs that run beside the jobs.
#include "run/runner_testing.h"

namespace splitstrip {
namespace {

class ServiceTest : public RunnerTest {
 protected:
  std::unique_ptr<Runner::Service> serve(Runner& runner, const std::string& script,
                                         Result& result) {
    Runner::Job job = shell(script);
    job.scratch = scratch_.path();
    job.answer = [&result](std::string_view bytes) { result.answer += bytes; };
    job.ended = [&result](const Ending& ending) {
      result.ending = ending;
      ++result.ended;
    };
    return runner.serve(std::move(job));
  }
};

TEST_F(ServiceTest, takes_no_place_of_the_jobs_and_ends_with_its_object) {
  const std::string seconds = unique_seconds();
  Runner runner(1);
  Result served, result;
  auto service = serve(runner, "trap '' TERM; sleep " + seconds + " & sleep " + seconds, served);
  Runner::Job job = shell("exit 0");
  job.scratch = scratch_.path();
  job.ended = [&](const Ending& ending) {
    result.ending = ending;
    EXPECT_TRUE(becomes_alive(seconds));
    service.reset();
  };
  runner.start(std::move(job));
  runner.run();
  EXPECT_EQ(result.ending.how, How::exited);
  EXPECT_EQ(served.ended, 1);
  EXPECT_EQ(served.ending.how, How::cancelled);
  EXPECT_TRUE(dies(seconds));
}

TEST_F(ServiceTest, may_end_by_itself_and_says_so) {
  Runner runner(1);
  Result served;
  const auto service = serve(runner, "echo ready; exit 3", served);
  runner.run();
  EXPECT_EQ(served.answer, "ready\n");
  EXPECT_EQ(served.ending.code, 3);
  EXPECT_EQ(served.ended, 1);
}

TEST_F(ServiceTest, ends_when_everything_is_cancelled) {
  const std::string seconds = unique_seconds();
  Runner runner(1);
  Result served;
  const auto service = serve(runner, "sleep " + seconds, served);
  runner.compute([] {}, [&] { runner.cancel(); });
  runner.run();
  EXPECT_EQ(served.ending.how, How::cancelled);
  EXPECT_TRUE(dies(seconds));
  EXPECT_NE(serve(runner, "sleep " + seconds, served), nullptr) << "but nothing starts";
  EXPECT_FALSE(alive(seconds));
}

TEST_F(ServiceTest, does_not_outlive_the_runner) {
  const std::string seconds = unique_seconds();
  Result served;
  std::unique_ptr<Runner::Service> service;
  {
    Runner runner(1);
    service = serve(runner, "sleep " + seconds, served);
    EXPECT_TRUE(becomes_alive(seconds));
  }
  EXPECT_TRUE(dies(seconds));
}

}  // namespace
}  // namespace splitstrip
