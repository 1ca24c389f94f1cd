#include "consumers/perf/perf.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "consumers/asked_addresses.h"
#include "consumers/perf/perf_data.h"
#include "consumers/perf/probe_readers.h"
#include "consumers/perf/probed_functions.h"
#include "consumers/perf/sample_reader.h"
#include "consumers/program.h"
#include "facts/atomic_file.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_perf{
    Query{"samples", "perf script: function, line and inlined callers of a sample at each address"},
    Query{"functions", "perf probe -F: the functions that can be probed"},
    Query{"variables", "perf probe -V: variables, types and ranges at the entry of functions"},
};

// perf probe opens the DWARF anew for each function, and stops at the first that it cannot probe,
// for which reason a run asks about few of them.
constexpr std::size_t most_functions = 240;
constexpr std::size_t functions_a_run = 30;

class Perf final : public Consumer {
 public:
  std::string_view name() const override { return "perf"; }
  std::span<const Query> queries() const override { return queries_of_perf; }
  Detection detect() const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Perf::detect() const {
  // 5.14 is the first that reads DWARF 5's file names.
  return detect_program({.program = "perf",
                         .version_follows = "version",
                         .oldest = "5.14",
                         .debian_package = "linux-perf",
                         .fedora_package = "perf"});
}

// Each run with a cache of its own, which is empty: perf keeps what it has found by build-id.
Run perf(const Question& question, const Detection& found, std::string label,
         std::vector<std::string> arguments) {
  Run run;
  const auto cache = question.pair.scratch / (label + ".cache");
  run.label = std::move(label);
  run.command.argv = {found.program.string(), "--no-pager", "--buildid-dir", cache.string()};
  run.command.argv.insert(run.command.argv.end(), arguments.begin(), arguments.end());
  return run;
}

Run ask_samples(const Question& question, const Detection& found) {
  const ElfFile elf = ElfFile::open(question.subject.unstripped);
  const auto addresses = asked_addresses(elf);
  if (addresses.empty())
    throw Error::of("{}: no code to ask about; perf's samples need a library with functions",
                    question.subject.unstripped.string());
  const auto file = question.pair.scratch / "perf.data";
  write_file(file, perf_data(elf, question.pair.library, addresses));
  // One frame a sample: what lies below it on the made-up stack means nothing.
  auto run = perf(question, found, "samples",
                  {"script", "--force", "--max-stack", "1", "--full-source-path", "-F",
                   "ip,sym,symoff,srcline,dso", "-i", file.string()});
  run.reader = std::make_unique<SampleReader>("samples", question.pair.library, addresses.size());
  return run;
}

void ask_variables(const Question& question, const Detection& found, std::vector<Run>& runs) {
  const auto functions = probed_functions(question.subject.unstripped, most_functions);
  for (std::size_t i = 0; i == 0 || i < functions.size(); i += functions_a_run) {
    std::vector<std::string> arguments{"probe", "-x", question.pair.library.string(), "--range"};
    for (std::size_t k = i; k < std::min(i + functions_a_run, functions.size()); ++k)
      arguments.insert(arguments.end(), {"-V", functions[k]});
    auto run = perf(question, found, fmt::format("variables-{}", i / functions_a_run),
                    std::move(arguments));
    run.reader = std::make_unique<ProbeVariablesReader>(
        "variables",
        question.pair.isolated
            ? ""
            : "perf probe looks for debug files below /usr/lib/debug alone, which cannot "
              "be replaced without a mount namespace");
    run.queries = {"variables"};
    runs.push_back(std::move(run));
  }
}

std::vector<Run> Perf::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    if (query == "variables") {
      ask_variables(question, found, runs);
      continue;
    }
    auto run = query == "samples"
                   ? ask_samples(question, found)
                   : perf(question, found, "functions",
                          {"probe", "-x", question.pair.library.string(), "-F", "--filter", "*"});
    if (query == "functions") run.reader = std::make_unique<ProbeFunctionsReader>(query);
    run.queries = {query};
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_perf() {
  return std::make_unique<Perf>();
}

}  // namespace splitstrip
