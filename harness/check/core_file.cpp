#include "check/core_file.h"

#include <fmt/format.h>

#include "consumers/answers.h"

namespace splitstrip {

void write_core(Runner& runner, const Stage& stage, const Driver& driver,
                const std::filesystem::path& driver_path, const std::filesystem::path& file,
                const std::filesystem::path& scratch, const Limits& limits,
                std::function<void(std::string)> done) {
  Runner::Job job;
  job.stage = &stage;
  job.limits = limits;
  job.scratch = scratch;
  // The driver waits in pause(2); gdb needs to know no more of it than that.
  job.command.argv = {"gdb",    "-nx",
                      "-nh",    "-batch",
                      "-iex",   "set debuginfod enabled off",
                      "-iex",   "set startup-with-shell off",
                      "-ex",    "set breakpoint pending on",
                      "-ex",    "set environment SPLITSTRIP_PAUSE 1",
                      "-ex",    "break pause",
                      "-ex",    "run",
                      "-ex",    fmt::format("generate-core-file {}", file.string()),
                      "-ex",    "kill",
                      "--args", driver_path};
  job.command.argv.insert(job.command.argv.end(), driver.arguments.begin(), driver.arguments.end());
  job.ended = [file, done = std::move(done)](const Ending& ending) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return done("");
    done(ending.how == Ending::How::not_started
             ? std::string(
                   "gdb writes the core file and is missing; install it (Debian and Fedora: gdb)")
             : fmt::format("gdb wrote no core file of the driver ({})", describe(ending)));
  };
  runner.start(std::move(job));
}

}  // namespace splitstrip
