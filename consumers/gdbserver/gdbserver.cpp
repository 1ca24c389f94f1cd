#include "consumers/gdbserver/gdbserver.h"

#include <array>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "consumers/gdb/command.h"
#include "consumers/gdb/gdb.h"
#include "consumers/gdb/landmarks.h"
#include "consumers/gdb/parameters.h"
#include "consumers/program.h"
#include "facts/atomic_file.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_gdbserver{
    Query{"live", "the driver run by gdbserver: files handed over, frames, values, finish, threads",
          true},
};

class Gdbserver final : public Consumer {
 public:
  std::string_view name() const override { return "gdbserver"; }
  std::span<const Query> queries() const override { return queries_of_gdbserver; }
  Detection detect() const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Gdbserver::detect() const {
  // The first that knows all that gdb 9 asks for.
  Detection found = detect_program({.program = "gdbserver",
                                    .version_follows = "GNU gdbserver",
                                    .oldest = "9.1",
                                    .debian_package = "gdbserver gdb",
                                    .fedora_package = "gdb-gdbserver gdb"});
  if (!found.available) return found;
  if (const auto gdb = make_gdb()->detect(); !gdb.available) {
    found.available = false;
    found.reason = fmt::format("gdbserver {} is here, but {}", found.version, gdb.reason);
  }
  return found;
}

std::vector<Run> Gdbserver::plan(const Question& question, const Detection& found) const {
  const auto gdb = find_program("gdb");
  if (!gdb) return {};
  const auto landmarks = question.pair.scratch / "landmarks";
  const auto parameters = question.pair.scratch / "live.json";
  write_landmarks(question.subject.unstripped, landmarks);
  write_file(parameters, gdb_parameters(question, {"live"}, landmarks, found.program));
  Run run;
  run.label = "live";
  run.queries = {"live"};
  run.command = gdb_command(question, *gdb, parameters,
                            // Libraries come from gdbserver, as they would from another machine.
                            {"-iex", "set sysroot target:", question.pair.driver.string()});
  run.reader = std::make_unique<FactLinesReader>(run.queries);
  std::vector<Run> runs;
  runs.push_back(std::move(run));
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_gdbserver() {
  return std::make_unique<Gdbserver>();
}

}  // namespace splitstrip
