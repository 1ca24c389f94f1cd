#include "consumers/systemtap/systemtap.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>
#include <sys/utsname.h>

#include "consumers/debuginfo_path.h"
#include "consumers/foreign.h"
#include "consumers/program.h"
#include "consumers/systemtap/kernel_tree.h"
#include "consumers/systemtap/live_reader.h"
#include "consumers/systemtap/probe_list.h"
#include "consumers/systemtap/script.h"
#include "consumers/systemtap/script_listing.h"
#include "consumers/systemtap/translation.h"
#include "elf/elf_file.h"
#include "elf/symbols.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

constexpr std::array queries_of_systemtap{
    Query{"probes",
          "every function, return and statement probe, with its variables and their types"},
    Query{"reads",
          "where a script finds arguments, returned values, locals, fields, globals and types"},
    Query{"translation", "what the kernel module made of such a script would probe and read"},
    Query{"live", "which functions a driver reaches, by probes in the running kernel", true},
};

// Some hundred milliseconds of stap each, on a large library: measured on libc, libdb and libgsl.
constexpr ScriptSize reads_size{
    .functions = 400, .returns = 200, .statements = 40, .variables = 200, .types = 200};
constexpr ScriptSize translation_size{
    .functions = 100, .returns = 50, .statements = 5, .variables = 50, .types = 50};

constexpr std::size_t live_functions = 200;

// By the symbols, which costs no look at the DWARF.
bool has_function(const fs::path& unstripped) {
  const ElfFile elf = ElfFile::open(unstripped);
  const auto defines = [](const Symbol& symbol) { return symbol.defined() && symbol.function(); };
  return std::ranges::any_of(full_symbols(elf), defines) ||
         std::ranges::any_of(dynamic_symbols(elf), defines);
}

class SystemTap final : public Consumer {
 public:
  std::string_view name() const override { return "systemtap"; }
  std::span<const Query> queries() const override { return queries_of_systemtap; }
  Detection detect() const override;
  // stap finds nothing in a file whose code could not run below the kernel that it asks.
  // There has to be a function for `live` to stop at; that one has DWARF is seen when it is asked.
  bool concerns(std::string_view query, const Subject& subject) const override {
    return runs_here(subject) && (query != "live" || has_function(subject.unstripped));
  }
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

// What every run of stap has in common. -v is for the addresses of probes and for the passes on
// standard error, by which a run that found nothing is told from one that failed. `tree` is a
// kernel's build tree; empty: the running kernel's own.
Command stap(const StagedPair& pair, const Detection& found, const fs::path& tree,
             const std::vector<std::string>& arguments) {
  Command command;
  command.argv = {found.program.string(), "-v", "-w", "--disable-cache"};
  if (!tree.empty())
    for (const auto& argument : {std::string("-r"), tree.string()})
      command.argv.push_back(argument);
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = {{"SYSTEMTAP_DIR", (pair.scratch / "systemtap").string()}};
  if (auto path = debuginfo_path(pair); !path.empty())
    command.environment.emplace_back("SYSTEMTAP_DEBUGINFO_PATH", std::move(path));
  return command;
}

fs::path any_kernel(const StagedPair& pair) {
  const auto tree = pair.scratch / "kernel";
  write_kernel_tree(tree);
  return tree;
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Error::of("{}: cannot be written; is the disk full?", file.string());
}

Run list_probes(const Question& question, const Detection& found) {
  const auto process = fmt::format("process({})", stap_literal(question.pair.library.string()));
  Run run;
  // The question marks: a library may have no function that returns, or no lines at all.
  run.command = stap(question.pair, found, any_kernel(question.pair),
                     {"-L", fmt::format("{0}.function(\"*\") ?, {0}.function(\"*\").return ?, "
                                        "{0}.statement(\"*@*:*\") ?",
                                        process)});
  run.reader = std::make_unique<ProbeListReader>("probes");
  return run;
}

// Runs the script of `size` up to pass `last`.
Run run_script(const Question& question, const Detection& found, const std::string& query,
               const ScriptSize& size, const char* last) {
  const auto file = question.pair.scratch / (query + ".stp");
  write(file, read_script(question.pair.library, names_of(question.subject.unstripped), size));
  Run run;
  run.command = stap(question.pair, found, any_kernel(question.pair), {last, file.string()});
  return run;
}

// `text` as one word of the command line that stap splits like a shell.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

// Runs the driver with probes in the kernel: by a module, if the kernel's headers are here to build
// it, else by BPF, which needs none.
Run run_live(const Question& question, const Detection& found) {
  const auto& pair = question.pair;
  const auto file = pair.scratch / "live.stp";
  write(file, live_script(pair.library, names_of(question.subject.unstripped), live_functions));
  std::string driver = quoted(pair.driver.string());
  for (const auto& argument : question.subject.driver->arguments) driver += ' ' + quoted(argument);

  utsname kernel{};
  uname(&kernel);
  const std::string release = kernel.release;
  std::error_code none;
  const bool headers = fs::exists(fs::path("/lib/modules") / release / "build" / ".config", none);
  std::vector<std::string> arguments{file.string(), "-c", driver};
  fs::path tree;
  std::string without;
  if (!headers) {
    tree = pair.scratch / "running-kernel";
    write_kernel_tree(tree, release);
    arguments.insert(arguments.begin(), "--runtime=bpf");
    without = fmt::format(" (by BPF; for a module install linux-headers-{}, Fedora: kernel-devel)",
                          release);
  }
  Run run;
  run.command = stap(pair, found, tree, arguments);
  run.reader = std::make_unique<LiveReader>("live", std::move(without));
  return run;
}

std::vector<Run> SystemTap::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    Run run;
    if (query == "probes") {
      run = list_probes(question, found);
    } else if (query == "reads") {
      run = run_script(question, found, query, reads_size, "-p2");
      run.reader = std::make_unique<ScriptListingReader>(query, question.pair.root);
    } else if (query == "live") {
      run = run_live(question, found);
    } else {
      run = run_script(question, found, query, translation_size, "-p3");
      run.reader = std::make_unique<TranslationReader>(query, question.pair.root);
    }
    run.label = query;
    run.queries = {query};
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_systemtap() {
  return std::make_unique<SystemTap>();
}

}  // namespace splitstrip
