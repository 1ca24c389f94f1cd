// For the tests of the runner: jobs made of shell scripts, and what came of them.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "run/runner.h"
#include "run/scratch.h"

namespace splitstrip {

struct Result {
  Ending ending;
  std::string answer;
  int ended = 0;
};

class RunnerTest : public testing::Test {
 protected:
  using How = Ending::How;

  static Runner::Job shell(const std::string& script) {
    Runner::Job job;
    job.command.argv = {"sh", "-c", script};
    job.limits.timeout = std::chrono::seconds(30);
    return job;
  }

  void start(Runner& runner, Runner::Job job, Result& result) {
    if (job.scratch.empty()) job.scratch = scratch_.path();
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
    EXPECT_EQ(result.ended, 0) << "start() must not call back";
    runner.run();
    EXPECT_EQ(result.ended, 1);
    return result;
  }

  // A `sleep` of this many seconds is a process that nothing else on the machine is.
  static std::string unique_seconds() {
    static int count = 0;
    return fmt::format("98765.{}00{}", getpid(), ++count);
  }

  // Whether a process has `mark` in its command line.
  static bool alive(const std::string& mark) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream in(entry.path() / "cmdline", std::ios::binary);
      std::string line;  // the read fails when the process is just going
      std::getline(in, line, '\n');
      if (line.find(mark) != std::string::npos &&
          entry.path().filename() != std::to_string(getpid()))
        return true;
    }
    return false;
  }

  static bool becomes_alive(const std::string& mark) { return becomes(mark, true); }
  static bool dies(const std::string& mark) { return becomes(mark, false); }

  ScratchDirectory scratch_;

 private:
  static bool becomes(const std::string& mark, bool wanted) {
    for (int tries = 0; tries < 6000; ++tries) {
      if (alive(mark) == wanted) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

}  // namespace splitstrip
