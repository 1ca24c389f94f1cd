#include "consumers/gdb/gdb.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "consumers/foreign.h"
#include "consumers/gdb/command.h"
#include "consumers/gdb/landmarks.h"
#include "consumers/gdb/parameters.h"
#include "consumers/program.h"
#include "elf/elf_file.h"
#include "facts/atomic_file.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

constexpr std::array queries_of_gdb{
    Query{"types", "every type: size, alignment, members, enumerators, targets"},
    Query{"functions", "every function: type, parameters, place, address, size, linkage name"},
    Query{"globals", "every global and static variable: type, place, address, initial value"},
    Query{"lines", "every row of the line tables, and the line of each block's address"},
    Query{"scopes", "every block and inlined call: locals and arguments, how they are found"},
    Query{"macros", "preprocessor macros, where the library was built with -g3"},
    Query{"backtrace", "made-up stacks: function, line and inlined callers at every call site"},
    Query{"locals", "made-up stacks: every argument and local: type, where it is, value"},
    Query{"typedata",
          "every exported name: its type and all types that it reaches, as main carries"},
    Query{"live", "the driver run: breakpoints, frames, values, finish, steps, threads, TLS", true},
    Query{"core", "a core file of the driver: all threads' frames, variables, TLS", true},
};

// Needs lookup_static_symbol and events that came with it.
constexpr std::string_view oldest = "9.1";

bool on_made_up_stacks(std::string_view query) {
  return query == "backtrace" || query == "locals";
}

class Gdb final : public Consumer {
 public:
  std::string_view name() const override { return "gdb"; }
  std::span<const Query> queries() const override { return queries_of_gdb; }
  Detection detect() const override;
  // Not what needs a process, and not the scene of `typedata`, which is laid over a linked library.
  bool reads_objects(std::string_view query) const override {
    return query == "types" || query == "functions" || query == "globals" || query == "lines" ||
           query == "scopes" || query == "macros";
  }
  Needs needs(std::string_view query) const override {
    Needs needs;
    needs.core = query == "core";
    needs.synthetic_cores = on_made_up_stacks(query);
    return needs;
  }
  bool concerns(std::string_view query, const Subject& subject) const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Gdb::detect() const {
  Detection found;
  found.debian_package = "gdb";
  found.fedora_package = "gdb";
  const auto program = find_program("gdb");
  if (!program) {
    found.reason = "gdb is not installed";
    return found;
  }
  found.program = *program;
  const auto said = program_says({program->string(), "-nx", "-nh", "-batch", "-q", "-ex",
                                  "python print('python says ' + gdb.VERSION)"});
  found.version = version_in(said, "python says ");
  if (found.version.empty()) {
    found.reason = fmt::format("{} has no Python", program->string());
  } else if (older(found.version, oldest)) {
    found.reason = fmt::format("gdb {} is too old; {} or later is needed", found.version, oldest);
  } else {
    found.available = true;
  }
  return found;
}

// Any gdb reads any machine's DWARF, but another machine's cores and stacks only one that has been
// built for it: Fedora's is, for most; Debian has gdb-multiarch beside gdb. None if there is none.
std::optional<fs::path> gdb_for_stacks_of(const Subject& subject, const fs::path& own) {
  if (!is_foreign(subject)) return own;
  if (auto multi = find_program("gdb-multiarch")) return multi;
  const auto said = program_says({own.string(), "-nx", "-nh", "-batch", "-q", "-ex",
                                  fmt::format("set architecture {}", subject.machine)});
  if (said.find("architecture is set to") == std::string::npos) return std::nullopt;
  return own;
}

// Only a library built with -g3 has macros.
bool Gdb::concerns(std::string_view query, const Subject& subject) const {
  if (on_made_up_stacks(query)) {
    const auto own = find_program("gdb");
    return concerns_made_up_stacks(subject) && (!own || gdb_for_stacks_of(subject, *own));
  }
  if (query != "macros") return true;
  const ElfFile elf = ElfFile::open(subject.unstripped);
  return elf.section(".debug_macro") != nullptr || elf.section(".debug_macinfo") != nullptr;
}

Run plan_run(std::string label, std::vector<std::string> queries, const Question& question,
             const Detection& found, const fs::path& landmarks,
             std::vector<std::string> arguments) {
  const auto parameters = question.pair.scratch / (label + ".json");
  write_file(parameters, gdb_parameters(question, queries, landmarks));
  Run run;
  run.label = std::move(label);
  run.command = gdb_command(question, found.program, parameters, std::move(arguments));
  run.reader = std::make_unique<FactLinesReader>(queries);
  run.queries = std::move(queries);
  return run;
}

// What gdb looks at is first made in the stage, where the pair can be seen.
Run plan_typedata(const Question& question, const Detection& found) {
  const auto scene = question.pair.scratch / "scene";
  fs::create_directories(scene);
  Run run = plan_run("typedata", {"typedata"}, question, found, scene, {});
  auto& argv = run.command.argv;
  argv.insert(argv.begin(),
              {helper_program("splitstrip-typedata-scene").string(), question.pair.library.string(),
               question.pair.debug_root.string(), scene.string()});
  return run;
}

// One process walks many cores, as it keeps what it read of the symbols; another has use for
// another processor. Both queries are answered by one walk, that of `locals`, asked first.
void plan_made_up_stacks(std::vector<std::string> queries, const Question& question,
                         const Detection& found, std::vector<Run>& runs) {
  constexpr std::size_t cores_per_run = 40;
  std::ranges::sort(queries, std::ranges::greater());
  const auto& cores = question.pair.synthetic_cores;
  std::size_t first = 0;
  do {
    StagedPair part = question.pair;
    const auto count = std::min(cores_per_run, cores.size() - first);
    const auto begin = cores.begin() + static_cast<std::ptrdiff_t>(first);
    part.synthetic_cores.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    runs.push_back(plan_run(fmt::format("stacks {}", first / cores_per_run + 1), queries,
                            {question.subject, part, question.queries}, found, {}, {}));
    first += count;
  } while (first < cores.size());
}

std::vector<Run> Gdb::plan(const Question& question, const Detection& found) const {
  const auto& pair = question.pair;
  std::vector<std::string> fixed;
  std::vector<std::string> driven;
  std::vector<std::string> made_up;
  std::vector<Run> runs;
  for (const auto& query : question.queries)
    if (query == "typedata")
      runs.push_back(plan_typedata(question, found));
    else if (on_made_up_stacks(query))
      made_up.push_back(query);
    else
      (query == "live" || query == "core" ? driven : fixed).push_back(query);
  if (!made_up.empty()) {
    Detection walker = found;
    walker.program = gdb_for_stacks_of(question.subject, found.program).value_or(found.program);
    plan_made_up_stacks(std::move(made_up), question, walker, runs);
  }
  const auto landmarks = pair.scratch / "landmarks";
  if (!fixed.empty() || !driven.empty()) write_landmarks(question.subject.unstripped, landmarks);
  // One process for all of these: two would read the symbols twice, and other cells have use for
  // the second processor.
  if (!fixed.empty())
    runs.push_back(
        plan_run("static", std::move(fixed), question, found, landmarks, {pair.library.string()}));
  for (const auto& query : driven) {
    std::vector<std::string> arguments{pair.driver.string()};
    if (query == "core") arguments.push_back(pair.core.string());
    runs.push_back(plan_run(query, {query}, question, found, landmarks, std::move(arguments)));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_gdb() {
  return std::make_unique<Gdb>();
}

}  // namespace splitstrip
