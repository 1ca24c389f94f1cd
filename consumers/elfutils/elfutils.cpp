#include "consumers/elfutils/elfutils.h"

#include <array>

#include <fmt/format.h>

#include "consumers/addr2line_reader.h"
#include "consumers/answers.h"
#include "consumers/asked_addresses.h"
#include "consumers/debuginfo_path.h"
#include "consumers/elfutils/stack_reader.h"
#include "consumers/foreign.h"
#include "consumers/program.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_elfutils{
    Query{"addresses", "eu-addr2line -f -i: function, line and inlined callers of code addresses"},
    Query{"symbols", "eu-addr2line -S: symbol, offset and line of the same addresses"},
    Query{"backtrace", "eu-stack --core: made-up stacks, functions and lines at every call site"},
    Query{"live", "eu-stack -p: functions, inlined ones and lines of the driver's threads", true},
    Query{"core", "eu-stack --core: the same from a core file of the driver", true},
};

class Elfutils final : public Consumer {
 public:
  std::string_view name() const override { return "eu-stack"; }
  std::span<const Query> queries() const override { return queries_of_elfutils; }
  Detection detect() const override;
  Needs needs(std::string_view query) const override {
    Needs needs;
    needs.core = query == "core";
    needs.synthetic_cores = query == "backtrace";
    return needs;
  }
  bool concerns(std::string_view query, const Subject& subject) const override {
    return !needs(query).synthetic_cores || concerns_made_up_stacks(subject);
  }
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Elfutils::detect() const {
  // 0.183 is the first that reads all of DWARF 5 that compilers write.
  return detect_program({.program = "eu-stack",
                         .version_follows = "(elfutils)",
                         .oldest = "0.183",
                         .debian_package = "elfutils",
                         .fedora_package = "elfutils"});
}

void add_debug_path(std::vector<std::string>& argv, const StagedPair& pair) {
  if (const auto path = debuginfo_path(pair); !path.empty())
    argv.push_back("--debuginfo-path=" + path);
}

Run ask_addresses(const Question& question, const Detection& found, const std::string& query,
                  const std::filesystem::path& file, std::size_t addresses) {
  const auto asked =
      query == "symbols" ? Addr2lineReader::Asked::symbols : Addr2lineReader::Asked::functions;
  Run run;
  run.label = query;
  run.queries = {query};
  run.command.argv = {(found.program.parent_path() / "eu-addr2line").string(), "-a"};
  // Never both in one run: the answer to one changes what libdwfl has read when it comes to the
  // other, and the difference is what is looked for.
  if (asked == Addr2lineReader::Asked::functions)
    run.command.argv.insert(run.command.argv.end(), {"-f", "-i"});
  else
    run.command.argv.emplace_back("-S");
  add_debug_path(run.command.argv, question.pair);
  run.command.argv.insert(run.command.argv.end(), {"-e", question.pair.library.string()});
  run.command.standard_input = file;
  run.reader = std::make_unique<Addr2lineReader>("eu-addr2line", query, asked, addresses);
  return run;
}

Run ask_stack(const Question& question, const Detection& found, const std::string& query) {
  const StagedPair& pair = question.pair;
  Run run;
  run.label = query;
  run.queries = {query};
  // Inlined frames, source lines, modules, and their build-id and offset.
  run.command.argv = {found.program.string(), "-i", "-s", "-m", "-b"};
  add_debug_path(run.command.argv, pair);
  if (query == "core") {
    run.command.argv.push_back("--core=" + pair.core.string());
    run.command.argv.push_back("--executable=" + pair.driver.string());
  } else {
    Companion driver;
    driver.argv = {pair.driver.string()};
    if (question.subject.driver)
      driver.argv.insert(driver.argv.end(), question.subject.driver->arguments.begin(),
                         question.subject.driver->arguments.end());
    driver.environment = {{"SPLITSTRIP_PAUSE", "1"}};
    run.command.companion = std::move(driver);
    run.command.argv.insert(run.command.argv.end(), {"-p", "{pid}"});
  }
  run.reader = std::make_unique<StackReader>(query, pair.library.filename().string(),
                                             pair.driver.filename().string());
  return run;
}

// A run for each core: eu-stack reads one.
void ask_made_up_stacks(const Question& question, const Detection& found, const std::string& query,
                        std::vector<Run>& runs) {
  const StagedPair& pair = question.pair;
  for (const auto& core : pair.synthetic_cores) {
    Run run;
    run.label = fmt::format("{} {}", query, core.filename().string());
    run.queries = {query};
    run.command.argv = {found.program.string(), "-i", "-s", "-m", "-b"};
    add_debug_path(run.command.argv, pair);
    run.command.argv.push_back("--core=" + core.string());
    run.command.argv.push_back("--executable=" + (core.parent_path() / "process").string());
    run.reader = std::make_unique<StackReader>(query, pair.library.filename().string());
    runs.push_back(std::move(run));
  }
}

std::vector<Run> Elfutils::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  const auto file = question.pair.scratch / "addresses";
  std::optional<std::size_t> addresses;
  for (const auto& query : question.queries) {
    if (query == "addresses" || query == "symbols") {
      if (!addresses)
        addresses = write_asked_addresses(question.subject.unstripped, file, "eu-addr2line");
      runs.push_back(ask_addresses(question, found, query, file, *addresses));
    } else if (query == "backtrace") {
      ask_made_up_stacks(question, found, query, runs);
    } else {
      runs.push_back(ask_stack(question, found, query));
    }
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_elfutils() {
  return std::make_unique<Elfutils>();
}

}  // namespace splitstrip
