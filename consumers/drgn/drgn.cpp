#include "consumers/drgn/drgn.h"

#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "consumers/drgn/names.h"
#include "consumers/foreign.h"
#include "consumers/gdb/parameters.h"
#include "consumers/program.h"
#include "facts/atomic_file.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

constexpr std::array queries_of_drgn{
    Query{"types", "every type by name: size, members, enumerators, targets"},
    Query{"functions", "every function by name: type, parameters, address"},
    Query{"globals", "every variable by name: type, address or value"},
    Query{"backtrace", "made-up stacks: function, line and inlined callers at every call site"},
    Query{"locals", "made-up stacks: every argument and local, its type and value"},
};

// Unwinds with DWARF and tells locals of frames.
constexpr std::string_view oldest = "0.0.22";

bool on_made_up_stacks(std::string_view query) {
  return query == "backtrace" || query == "locals";
}

class Drgn final : public Consumer {
 public:
  std::string_view name() const override { return "drgn"; }
  std::span<const Query> queries() const override { return queries_of_drgn; }
  Detection detect() const override;
  Needs needs(std::string_view query) const override {
    Needs needs;
    needs.synthetic_cores = on_made_up_stacks(query);
    return needs;
  }
  bool concerns(std::string_view query, const Subject& subject) const override {
    return !needs(query).synthetic_cores || concerns_made_up_stacks(subject);
  }
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

// The Python that has drgn: the one of PATH may be somebody's own.
Detection Drgn::detect() const {
  Detection found;
  found.debian_package = "python3-drgn";
  found.fedora_package = "python3-drgn";
  found.reason = "no Python here has the module drgn";
  std::vector<fs::path> pythons{"/usr/bin/python3"};
  if (const auto other = find_program("python3")) pythons.push_back(*other);
  for (const auto& python : pythons) {
    const auto said =
        program_says({python.string(), "-c",
                      "import importlib.metadata as m; print('drgn', m.version('drgn'))"});
    found.version = version_in(said, "drgn ");
    if (found.version.empty()) continue;
    found.program = python;
    found.available = !older(found.version, oldest);
    found.reason = found.available ? ""
                                   : fmt::format("drgn {} is too old; {} or later is needed",
                                                 found.version, oldest);
    break;
  }
  return found;
}

Run plan_run(std::string label, std::vector<std::string> queries, const Question& question,
             const Detection& found, const fs::path& names) {
  const auto parameters = question.pair.scratch / (label + ".json");
  write_file(parameters, gdb_parameters(question, queries, names));
  Run run;
  run.command.argv = {found.program.string(), "-s",
                      (data_directory("consumers/drgn/scripts") / "collect.py").string()};
  run.command.environment = {{"DEBUGINFOD_URLS", ""},
                             // Threads race for which of several things of one name is found by it.
                             {"OMP_NUM_THREADS", "1"},
                             {"SPLITSTRIP_PARAMETERS", parameters.string()}};
  run.command.answers = Channel::facts;
  run.label = std::move(label);
  run.reader = std::make_unique<FactLinesReader>(queries);
  run.queries = std::move(queries);
  return run;
}

std::vector<Run> Drgn::plan(const Question& question, const Detection& found) const {
  const auto names = question.pair.scratch / "names";
  std::vector<std::string> by_name;
  std::vector<std::string> driven;
  for (const auto& query : question.queries)
    (on_made_up_stacks(query) ? driven : by_name).push_back(query);
  std::vector<Run> runs;
  if (!by_name.empty()) {
    write_names(question.subject.unstripped, names);
    runs.push_back(plan_run("static", std::move(by_name), question, found, names));
  }
  for (const auto& query : driven) runs.push_back(plan_run(query, {query}, question, found, names));
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_drgn() {
  return std::make_unique<Drgn>();
}

}  // namespace splitstrip
