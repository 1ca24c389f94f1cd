#include <algorithm>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "cache/cache.h"
#include "check/check.h"
#include "cli/clean_end.h"
#include "cli/commands.h"
#include "cli/debug_words.h"
#include "cli/result_directory.h"
#include "cli/shown_progress.h"
#include "consumers/consumers.h"
#include "facts/error.h"
#include "report/style.h"
#include "report/terminal.h"
#include "run/scratch.h"
#include "subject/resolve.h"

namespace splitstrip {
namespace {

struct Words {
  std::vector<std::string> subjects;
  CheckOptions options;
  std::vector<std::string> found_by = {"build-id"};
  std::string variants = "none";
  std::string output = "splitstrip-results";
  unsigned timeout = 300;
  bool keep = false;
  std::string cache;
  bool no_cache = false;
  std::vector<std::string> debug_files;
  DebugWords where;
};

void drop_repeated(std::vector<std::string>& words) {
  std::vector<std::string> once;
  for (auto& word : words) {
    if (std::find(once.begin(), once.end(), word) == once.end()) once.push_back(std::move(word));
  }
  words = std::move(once);
}

// "all", or the ways that there are, each once.
std::vector<FoundBy> ways(std::vector<std::string> words) {
  std::vector<FoundBy> offered(all_found_by.begin(), all_found_by.end());
  if (std::ranges::find(words, "all") != words.end()) return offered;
  drop_repeated(words);
  std::vector<FoundBy> list;
  for (const auto& word : words) {
    const auto way = std::ranges::find(offered, word, [](FoundBy one) { return to_string(one); });
    if (way == offered.end()) {
      std::vector<std::string_view> known;
      for (const FoundBy one : offered) known.push_back(to_string(one));
      throw Error::of("{}: no such way to a debug file; there are: {}, all", word,
                      fmt::join(known, ", "));
    }
    list.push_back(*way);
  }
  return list;
}

// Joining libraries again takes a while: interrupted, it leaves nothing behind. check() sees to
// itself.
std::vector<Subject> resolve(const Words& words, const std::filesystem::path& scratch) {
  const CleanEnd clean_end(scratch);
  std::vector<LeftOut> left_out;
  const DebugSources sources{words.where.places(),
                             {words.debug_files.begin(), words.debug_files.end()}};
  auto subjects =
      resolve_subjects(words.subjects, scratch / "subjects", words.variants, &left_out, sources);
  for (const Subject& subject : subjects)
    for (const std::string& note : subject.notes) fmt::print(stderr, "splitstrip: {}\n", note);
  for (const auto& [name, reason] : left_out)
    fmt::print(stderr, "splitstrip: not checked: {}: {}\n", name, reason);
  return subjects;
}

// Where answers are kept. The one that was not asked for may turn out not to be usable: then all is
// asked anew.
std::optional<std::filesystem::path> cache_directory(const Words& words) {
  if (words.no_cache) return std::nullopt;
  if (!words.cache.empty()) return Cache(std::filesystem::absolute(words.cache)).directory();
  const auto usual = default_cache_directory();
  if (!usual) return std::nullopt;
  try {
    return Cache(*usual).directory();
  } catch (const Error& error) {
    fmt::print(stderr, "splitstrip: no answer is remembered: {}\n", error.what());
    return std::nullopt;
  }
}

void check_subjects(Words& words) {
  const auto consumers = all_consumers();
  drop_repeated(words.options.recipes);
  drop_repeated(words.options.left_out);
  words.options.timeout = std::chrono::seconds(words.timeout);
  words.options.found_by = ways(words.found_by);
  validate(words.options, consumers);
  words.options.cache = cache_directory(words);

  ScratchDirectory scratch;
  if (words.keep) {
    scratch.keep();
    fmt::print(stderr, "the staging is kept in {}\n", scratch.path().string());
  }
  const auto subjects = resolve(words, scratch.path());
  ResultDirectory directory(words.output);
  Result result;
  {
    ShownProgress progress;
    result =
        check(subjects, consumers, words.options, scratch.path(), directory.partial(), progress);
  }
  result.tool.version = SPLITSTRIP_VERSION;
  directory.publish(result);
  fmt::print("{}{}\n", to_terminal(result, detect_style(STDOUT_FILENO)),
             (std::filesystem::path(words.output) / "result.json").string());
  if (result.summary.exit != 0) throw ExitCode{result.summary.exit};
}

}  // namespace

void add_check_command(CLI::App& app) {
  auto words = std::make_shared<Words>();
  words->options.jobs = std::max(1U, std::thread::hardware_concurrency());
  auto* command = app.add_subcommand(
      "check", "Strip libraries both ways and compare what every DWARF reader makes of them");
  command
      ->add_option("SUBJECT", words->subjects,
                   "A fixture's name, `fixtures` (all of them), an unstripped ELF, or a stripped "
                   "ELF whose debug file is installed or found by the next three options")
      ->required();
  command
      ->add_option("--debug", words->debug_files,
                   "The debug file of a subject; repeatable, each goes to the one of its build-id")
      ->type_name("FILE")
      ->allow_extra_args(false);
  words->where.add_options(*command);
  command
      ->add_option(
          "--variants", words->variants,
          "In which forms of DWARF fixtures are checked: none, default (pairwise), all, or "
          "one such as clang-O0 (see `splitstrip variants`)")
      ->capture_default_str();
  command->add_option("--recipe", words->options.recipes, "How to strip the candidate; repeatable")
      ->capture_default_str()
      ->allow_extra_args(false);
  command
      ->add_option("--found-by", words->found_by,
                   "How consumers find the candidate's debug file: build-id, debuglink, dot-debug, "
                   "debug-path, debuginfod, or all; separated by commas")
      ->capture_default_str()
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--consumer", words->options.consumers, "Ask this consumer only; repeatable")
      ->allow_extra_args(false);
  command->add_option("--query", words->options.queries, "Ask this query only; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--require", words->options.required,
          "Fail if this consumer is unavailable or unstable, or proves nothing; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--without", words->options.left_out,
          "Leave out a consumer, or one query of it as CONSUMER/QUERY; the report says so; "
          "repeatable")
      ->allow_extra_args(false);
  command->add_option("--output", words->output, "Where result.json, junit.xml and the facts go")
      ->capture_default_str();
  command->add_option("-j,--jobs", words->options.jobs, "How many runs at once")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--timeout", words->timeout, "Seconds that one run of a consumer may take")
      ->capture_default_str()
      ->check(CLI::Range(1U, 86400U));
  command->add_option("--cache", words->cache,
                      "Where answers are remembered for the next check; otherwise "
                      "$XDG_CACHE_HOME/splitstrip or ~/.cache/splitstrip");
  command->add_flag("--no-cache", words->no_cache, "Ask everything anew, and remember nothing");
  command->add_flag("--all-addresses", words->options.stacks.all_addresses,
                    "Backtraces from every address where a line or a variable's location changes, "
                    "not from a sample of them: takes long");
  command->add_flag("--keep", words->keep, "Leave the staging for a look");
  command->footer(
      "Example: splitstrip check /usr/lib64/libnl-3.so.200 --require gdb --output nl\n"
      "Exit code: 0 nothing changed or lost, 1 something did, 2 a consumer or the check failed.");
  command->callback([words] { check_subjects(*words); });
}

}  // namespace splitstrip
