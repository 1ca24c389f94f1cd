#include "consumers/lldb/lldb.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "consumers/foreign.h"
#include "consumers/gdb/parameters.h"
#include "consumers/lldb/python_module.h"
#include "consumers/program.h"
#include "facts/atomic_file.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

constexpr std::array queries_of_lldb{
    Query{"types", "every type: size, bases, members, methods, enumerators, targets"},
    Query{"functions", "every function: type, parameters, first line, address, size"},
    Query{"globals", "every global and static variable: type, place, address, initial value"},
    Query{"lines", "every row of the line tables: file, line, column, addresses"},
    Query{"scopes", "every block and inlined call: its variables, and where they are at its start"},
    Query{"backtrace", "made-up stacks: function, line and inlined callers at every call site"},
    Query{"locals", "made-up stacks: every argument and local, its type, value and place"},
    Query{"live", "the driver run: breakpoints, frames, values, finish, steps, threads", true},
    Query{"core", "a core file of the driver: all threads' frames, locals, variables", true},
};

// The first whose API has all that the scripts use.
constexpr std::string_view oldest = "14";

// Cores for one process. Starting lldb and having it read the library's symbols takes as long as
// two of them; other cells have use for the other processors.
constexpr std::size_t cores_per_run = 8;

bool on_made_up_stacks(std::string_view query) {
  return query == "backtrace" || query == "locals";
}

class Lldb final : public Consumer {
 public:
  std::string_view name() const override { return "lldb"; }
  std::span<const Query> queries() const override { return queries_of_lldb; }
  Detection detect() const override;
  Needs needs(std::string_view query) const override {
    Needs needs;
    needs.core = query == "core";
    needs.synthetic_cores = on_made_up_stacks(query);
    return needs;
  }
  bool concerns(std::string_view query, const Subject& subject) const override {
    return !needs(query).synthetic_cores || concerns_made_up_stacks(subject);
  }
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Lldb::detect() const {
  Detection found = detect_program({.program = "lldb",
                                    .version_follows = "lldb version",
                                    .oldest = oldest.data(),
                                    .debian_package = "lldb python3-lldb",
                                    .fedora_package = "lldb python3-lldb"});
  if (!found.available || lldb_python_directory(found.program)) return found;
  found.available = false;
  found.reason = fmt::format("lldb {} is here without its Python module", found.version);
  return found;
}

// lldb as it is without anybody's habits: no init files. `parameters` say what is to be done.
Command lldb(const Detection& found, const fs::path& parameters) {
  Command command;
  command.argv = {found.program.string(), "--no-lldbinit", "--batch", "--one-line",
                  // Quoted: lldb takes the line apart itself.
                  fmt::format("command script import \"{}\"",
                              (data_directory("consumers/lldb/scripts") / "collect.py").string())};
  // Its Python takes the first python3 in PATH for its own installation, and then says nothing at
  // all.
  command.environment = {{"DEBUGINFOD_URLS", ""},
                         {"PATH", "/usr/bin:/bin"},
                         {"SPLITSTRIP_PARAMETERS", parameters.string()}};
  if (const auto directory = lldb_python_directory(found.program))
    command.environment.emplace_back("PYTHONPATH", directory->string());
  command.answers = Channel::facts;
  return command;
}

Run plan_run(std::string label, std::vector<std::string> queries, const Question& question,
             const Detection& found) {
  const auto parameters = question.pair.scratch / (label + ".json");
  write_file(parameters, gdb_parameters(question, queries, {}));
  Run run;
  run.label = std::move(label);
  run.command = lldb(found, parameters);
  run.reader = std::make_unique<FactLinesReader>(queries);
  run.queries = std::move(queries);
  return run;
}

// Divides the cores among several runs.
void plan_made_up_stacks(const std::string& query, const Question& question, const Detection& found,
                         std::vector<Run>& runs) {
  const auto& cores = question.pair.synthetic_cores;
  std::size_t first = 0;
  do {
    StagedPair part = question.pair;
    const auto count = std::min(cores_per_run, cores.size() - first);
    part.synthetic_cores.assign(cores.begin() + first, cores.begin() + first + count);
    runs.push_back(plan_run(fmt::format("{} {}", query, first / cores_per_run + 1), {query},
                            {question.subject, part, question.queries}, found));
    first += cores_per_run;
  } while (first < cores.size());
}

std::vector<Run> Lldb::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  std::vector<std::string> fixed;
  for (const auto& query : question.queries) {
    if (on_made_up_stacks(query)) {
      plan_made_up_stacks(query, question, found, runs);
    } else if (query == "live" || query == "core") {
      runs.push_back(plan_run(query, {query}, question, found));
    } else {
      fixed.push_back(query);
    }
  }
  // One process for all of these: several would read the symbols several times.
  if (!fixed.empty()) runs.push_back(plan_run("static", std::move(fixed), question, found));
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_lldb() {
  return std::make_unique<Lldb>();
}

}  // namespace splitstrip
