#include "consumers/systemtap/systemtap.h"

#include <array>

#include <fmt/format.h>

#include "consumers/program.h"
#include "consumers/systemtap/kernel_tree.h"
#include "consumers/systemtap/probe_list.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_systemtap{
    Query{"probes",
          "every function, return and statement probe, with its variables and their types"},
};

class SystemTap final : public Consumer {
 public:
  std::string_view name() const override { return "systemtap"; }
  std::span<const Query> queries() const override { return queries_of_systemtap; }
  Detection detect() const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection SystemTap::detect() const {
  // Older ones are untested.
  return detect_program({.program = "stap",
                         .version_follows = "version ",
                         .oldest = "4.0",
                         .debian_package = "systemtap",
                         .fedora_package = "systemtap-devel"});
}

// What every run of stap has in common. -v is for the addresses of probes in listings and for the
// passes on standard error, by which a run that found nothing is told from one that failed.
Command stap(const StagedPair& pair, const Detection& found, std::vector<std::string> arguments) {
  const auto tree = pair.scratch / "kernel";
  write_kernel_tree(tree);
  Command command;
  command.argv = {found.program.string(), "-v", "-w", "--disable-cache", "-r", tree.string()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = {{"SYSTEMTAP_DIR", (pair.scratch / "systemtap").string()}};
  if (!pair.isolated)
    command.environment.emplace_back("SYSTEMTAP_DEBUGINFO_PATH", pair.debug_root.string());
  return command;
}

// `text` as a string literal of stap's language.
std::string literal(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::vector<Run> SystemTap::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    const std::string process = "process(" + literal(question.pair.library.string()) + ")";
    Run run;
    run.label = query;
    run.queries = {query};
    // The question marks: a library may have no function that returns, or no lines at all.
    run.command = stap(question.pair, found,
                       {"-L", fmt::format("{0}.function(\"*\") ?, {0}.function(\"*\").return ?, "
                                          "{0}.statement(\"*@*:*\") ?",
                                          process)});
    run.reader = std::make_unique<ProbeListReader>(query);
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_systemtap() {
  return std::make_unique<SystemTap>();
}

}  // namespace splitstrip
