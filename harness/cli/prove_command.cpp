#include <algorithm>
#include <memory>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/result_directory.h"
#include "cli/shown_progress.h"
#include "consumers/consumers.h"
#include "facts/atomic_file.h"
#include "prove/proof_json.h"
#include "prove/proof_table.h"
#include "prove/prove.h"
#include "report/style.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

struct Words {
  ProveOptions options;
  std::string output = "splitstrip-proof";
  unsigned timeout = 300;
  bool list = false;
  std::vector<std::string> without;
};

// All queries but those of `without`. Throws Error for one that nobody knows.
std::vector<std::string> other_queries(const std::vector<std::unique_ptr<Consumer>>& consumers,
                                       const std::vector<std::string>& without) {
  CheckOptions known;
  known.recipes.clear();
  known.queries = without;
  validate(known, consumers);
  std::set<std::string> others;
  for (const auto& consumer : consumers)
    for (const Query& query : consumer->queries()) others.emplace(query.name);
  for (const std::string& query : without) others.erase(query);
  return {others.begin(), others.end()};
}

// What makes the same proof again.
std::string command_of(const Words& words) {
  std::string command = "splitstrip prove";
  const auto add = [&](const char* option, const std::vector<std::string>& values) {
    for (const std::string& value : values) command += fmt::format(" {} {}", option, value);
  };
  for (const std::string& subject : words.options.subjects) command += " " + subject;
  add("--fault", words.options.faults);
  add("--consumer", words.options.check.consumers);
  if (words.without.empty()) add("--query", words.options.check.queries);
  add("--without", words.without);
  return fmt::format("{} --timeout {}", command, words.timeout);
}

void prove_faults(Words& words) {
  const TerminalStyle style = detect_style(STDOUT_FILENO);
  if (words.list) {
    fmt::print("{}", fault_list(style));
    return;
  }
  const auto consumers = all_consumers();
  words.options.check.timeout = std::chrono::seconds(words.timeout);
  words.options.check.recipes.clear();
  if (!words.without.empty()) words.options.check.queries = other_queries(consumers, words.without);
  validate(words.options.check, consumers);
  const ScratchDirectory scratch;
  ResultDirectory directory(words.output);
  Proof proof;
  {
    ShownProgress progress;
    proof = prove(words.options, consumers, scratch.path(), directory.partial(), progress);
  }
  proof.result.tool.version = SPLITSTRIP_VERSION;
  proof.command = command_of(words);
  directory.publish(proof.result);
  const std::filesystem::path output(words.output);
  write_file(output / "prove.json", to_json(proof));
  write_file(output / "prove.md", to_markdown(proof));
  fmt::print("{}{}\n", to_terminal(proof, style), (output / "prove.json").string());
  if (proof.exit() != 0) throw ExitCode{proof.exit()};
}

}  // namespace

void add_prove_command(CLI::App& app) {
  auto words = std::make_shared<Words>();
  words->options.check.jobs = std::max(1U, std::thread::hardware_concurrency());
  auto* command = app.add_subcommand(
      "prove", "Plant faults in good pairs and see that the check notices each of them");
  command->add_option("SUBJECT", words->options.subjects,
                      "Where to plant, as for check; without it, each fault in its own fixture");
  command->add_option("--fault", words->options.faults, "Plant this fault only; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--consumer", words->options.check.consumers,
                   "Ask this consumer only; repeatable")
      ->allow_extra_args(false);
  command->add_option("--query", words->options.check.queries, "Ask this query only; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--without", words->without,
                   "Leave this query out; repeatable. Without `live` and `core` it takes half the "
                   "time")
      ->allow_extra_args(false);
  command->add_flag("--list", words->list, "Name all faults and plant none");
  command
      ->add_option("--output", words->output,
                   "Where prove.json, prove.md and the check's results go")
      ->capture_default_str();
  command->add_option("-j,--jobs", words->options.check.jobs, "How many runs at once")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--timeout", words->timeout, "Seconds that one run of a consumer may take")
      ->capture_default_str()
      ->check(CLI::Range(1U, 86400U));
  command->footer(
      "Example: splitstrip prove --fault member-moved --fault line-shifted --consumer gdb\n"
      "Exit code: 0 every fault was noticed, 1 one was not, 2 one could not be planted.");
  command->callback([words] { prove_faults(*words); });
}

}  // namespace splitstrip
