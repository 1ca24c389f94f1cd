#include "consumers/llvm/llvm.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "consumers/asked_addresses.h"
#include "consumers/llvm/dwarfdump_readers.h"
#include "consumers/llvm/symbolizer_reader.h"
#include "consumers/program.h"
#include "elf/function_entries.h"
#include "elf/identity.h"
#include "elf/symbols.h"
#include "facts/atomic_file.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_llvm{
    Query{"addresses", "llvm-symbolizer: function, line, column and inlined callers of addresses"},
    Query{"frames", "llvm-symbolizer FRAME: every function's parameters and locals"},
    Query{"statistics", "llvm-dwarfdump --statistics of the debug file"},
    Query{"verify", "llvm-dwarfdump --verify of the debug file's abbreviations, lines and names"},
};

class Llvm final : public Consumer {
 public:
  std::string_view name() const override { return "llvm"; }
  std::span<const Query> queries() const override { return queries_of_llvm; }
  Detection detect() const override;
  // An address says nothing there without its section.
  bool reads_objects(std::string_view query) const override {
    return query == "statistics" || query == "verify";
  }
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Llvm::detect() const {
  // 14 is the first that answers FRAME and DATA as JSON.
  return detect_program({.program = "llvm-symbolizer",
                         .version_follows = "LLVM version",
                         .oldest = "14",
                         .debian_package = "llvm",
                         .fedora_package = "llvm"});
}

// Questions "FRAME 0x…" for the entries of all functions; returns how many.
std::size_t write_functions(const std::filesystem::path& unstripped,
                            const std::filesystem::path& file) {
  const ElfFile elf = ElfFile::open(unstripped);
  const FunctionEntries begins(elf);
  std::vector<std::uint64_t> entries;
  for (const auto& symbols : {full_symbols(elf), dynamic_symbols(elf)})
    for (const Symbol& symbol : symbols)
      if (symbol.defined() && symbol.function()) entries.push_back(begins.of(symbol));
  std::ranges::sort(entries);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  std::string text;
  for (const auto entry : entries) fmt::format_to(std::back_inserter(text), "FRAME {:#x}\n", entry);
  write_file(file, text);
  return entries.size();
}

Run ask_symbolizer(const Question& question, const Detection& found, const std::string& query) {
  const auto file = question.pair.scratch / query;
  const auto& unstripped = question.subject.unstripped;
  const std::size_t questions =
      query == "addresses" ? write_asked_addresses(unstripped, file, "llvm-symbolizer", "CODE ")
                           : write_functions(unstripped, file);
  Run run;
  run.command.argv = {found.program.string(), "--output-style=JSON", "--inlines",
                      "--obj=" + question.pair.library.string()};
  if (!question.pair.isolated)
    run.command.argv.push_back("--debug-file-directory=" + question.pair.debug_root.string());
  run.command.standard_input = file;
  run.reader = std::make_unique<SymbolizerReader>(query, questions);
  return run;
}

// The debug file as llvm-dwarfdump, which is told its name, sees it.
std::filesystem::path debug_file(const Question& question) {
  std::string id = question.subject.build_id;
  if (!question.pair.isolated) {
    // Such a stage gives main and debug a build-id of their own.
    const ElfFile main = ElfFile::open(question.pair.library);
    if (const auto own = build_id(main)) id = own->hex();
  }
  return question.pair.debug_root /
         (id.size() < 3 ? question.subject.file_name + ".debug" : build_id_file(id));
}

std::vector<Run> Llvm::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    Run run;
    if (query == "statistics" || query == "verify") {
      run.command.argv = {(found.program.parent_path() / "llvm-dwarfdump").string()};
      if (query == "statistics") {
        run.command.argv.emplace_back("--statistics");
        run.reader = std::make_unique<StatisticsReader>(query);
      } else {
        // Not --debug-info: it never ends for a call site in a lexical block (see README.md).
        for (const auto* option : {"--verify", "--debug-abbrev", "--debug-line", "--debug-names"})
          run.command.argv.emplace_back(option);
        run.reader = std::make_unique<VerifyReader>(query);
      }
      run.command.argv.push_back(debug_file(question).string());
    } else {
      run = ask_symbolizer(question, found, query);
    }
    run.label = query;
    run.queries = {query};
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_llvm() {
  return std::make_unique<Llvm>();
}

}  // namespace splitstrip
