#include "consumers/valgrind/valgrind.h"

#include <array>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "consumers/foreign.h"
#include "consumers/program.h"
#include "consumers/valgrind/backtrace_reader.h"
#include "consumers/valgrind/made_up_stacks.h"
#include "consumers/valgrind/memcheck_reader.h"
#include "consumers/valgrind/probe_addresses.h"
#include "elf/elf_file.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_valgrind{
    Query{"addresses", "the source line of code addresses, as VALGRIND_MAP_IP_TO_SRCLOC tells it"},
    Query{"backtrace", "made-up stacks: function, line and inlined callers at every call site"},
    Query{"memcheck",
          "memcheck's errors and leaks: stacks with inlined calls, and variables by name", true},
};

class Valgrind final : public Consumer {
 public:
  std::string_view name() const override { return "valgrind"; }
  std::span<const Query> queries() const override { return queries_of_valgrind; }
  Detection detect() const override;
  // The files are not read, but where there are none there are no stacks either, and the reason is
  // the same.
  Needs needs(std::string_view query) const override {
    Needs needs;
    needs.synthetic_cores = query == "backtrace";
    return needs;
  }
  bool concerns(std::string_view query, const Subject& subject) const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Valgrind::detect() const {
  // 3.17 is the first that reads DWARF 5.
  return detect_program({.program = "valgrind",
                         .version_follows = "valgrind-",
                         .oldest = "3.17",
                         .debian_package = "valgrind",
                         .fedora_package = "valgrind valgrind-devel"});
}

// Nothing but the command line counts: no ~/.valgrindrc, no $VALGRIND_OPTS. valgrind looks for
// debug files where both kinds of stage have them: below /usr/lib/debug, beside the library and in
// .debug there. Of another place for those of /usr/lib/debug it can be told by path only.
std::vector<std::string> valgrind(const StagedPair& pair, const Detection& found,
                                  std::string_view tool) {
  std::vector<std::string> argv{found.program.string(), "--command-line-only=yes", "--quiet",
                                fmt::format("--tool={}", tool)};
  if (!pair.isolated && pair.found_by == FoundBy::debug_path)
    argv.push_back("--extra-debuginfo-path=" + pair.debug_root.string());
  return argv;
}

Run ask_addresses(const Question& question, const Detection& found) {
  const auto addresses = question.pair.scratch / "addresses";
  write_probe_addresses(question.subject.unstripped, addresses);
  Run run;
  run.label = "addresses";
  run.queries = {"addresses"};
  run.command.argv = valgrind(question.pair, found, "none");
  for (const auto& argument :
       {helper_program("splitstrip-valgrind-probe"), question.pair.library, addresses})
    run.command.argv.push_back(argument.string());
  run.command.answers = Channel::facts;
  run.reader = std::make_unique<FactLinesReader>(run.queries);
  return run;
}

Run ask_backtrace(const Question& question, const Detection& found) {
  const auto memory = question.pair.scratch / "stacks";
  const auto list = question.pair.scratch / "stacks.list";
  const auto made = write_made_up_stacks(question.subject.unstripped, memory, list);
  Run run;
  run.label = "backtrace";
  run.queries = {"backtrace"};
  run.command.argv = valgrind(question.pair, found, "none");
  for (const auto* option : {"--log-fd=3", "--num-callers=100", "--show-below-main=yes",
                             "--read-inline-info=yes", "--fullpath-after="})
    run.command.argv.emplace_back(option);
  for (const auto& argument :
       {helper_program("splitstrip-valgrind-stacks").string(), question.pair.library.string(),
        fmt::format("{:x}", made.map_at), memory.string(), fmt::format("{:x}", probe_stacks_base),
        list.string()})
    run.command.argv.push_back(argument);
  run.command.answers = Channel::facts;
  run.reader = std::make_unique<BacktraceReader>("backtrace", question.pair.root, made.load_base);
  return run;
}

Run ask_memcheck(const Question& question, const Detection& found) {
  Run run;
  run.label = "memcheck";
  run.queries = {"memcheck"};
  run.command.argv = valgrind(question.pair, found, "memcheck");
  for (const auto* option : {"--xml=yes", "--xml-fd=3", "--child-silent-after-fork=yes",
                             "--num-callers=30", "--leak-check=full", "--show-leak-kinds=all",
                             "--read-inline-info=yes", "--read-var-info=yes"})
    run.command.argv.emplace_back(option);
  run.command.argv.push_back(question.pair.driver.string());
  const auto& arguments = question.subject.driver->arguments;
  run.command.argv.insert(run.command.argv.end(), arguments.begin(), arguments.end());
  run.command.answers = Channel::facts;
  run.reader = std::make_unique<MemcheckReader>("memcheck", question.pair.root);
  return run;
}

// valgrind's probe loads the library, so it has to be of this machine: one of i686 needs a probe of
// its own, too. A driver without planted errors would cost seconds and prove nothing; the probe's
// stacks are for one machine, and for libraries that may be mapped anywhere.
bool Valgrind::concerns(std::string_view query, const Subject& subject) const {
  if (query == "backtrace")
    return subject.machine == "x86_64" && !is_foreign(subject) &&
           ElfFile::open(subject.unstripped).header().e_type == ET_DYN;
  if (query == "addresses") return !is_foreign(subject);
  return query != "memcheck" || (subject.driver && subject.driver->memory_errors);
}

std::vector<Run> Valgrind::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    if (query == "addresses") runs.push_back(ask_addresses(question, found));
    if (query == "backtrace") runs.push_back(ask_backtrace(question, found));
    if (query == "memcheck") runs.push_back(ask_memcheck(question, found));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_valgrind() {
  return std::make_unique<Valgrind>();
}

}  // namespace splitstrip
