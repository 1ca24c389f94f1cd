#include "consumers/bpftrace/bpftrace.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "consumers/bpftrace/listing_reader.h"
#include "consumers/program.h"
#include "elf/symbols.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_bpftrace{
    Query{"arguments", "bpftrace -lv uprobe:LIB:*: functions with their arguments' types"},
};

// bpftrace (0.17) reads the DWARF anew for each function that it lists: 65 ms of CPU each for
// libdb-5.3, minutes for all of them. Of a library with more functions every n-th is asked.
constexpr std::size_t most_functions = 100;

class Bpftrace final : public Consumer {
 public:
  std::string_view name() const override { return "bpftrace"; }
  std::span<const Query> queries() const override { return queries_of_bpftrace; }
  Detection detect() const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Bpftrace::detect() const {
  // 0.16 is the first that reads DWARF.
  return detect_program({.program = "bpftrace",
                         .version_follows = "bpftrace v",
                         .oldest = "0.16",
                         .debian_package = "bpftrace",
                         .fedora_package = "bpftrace"});
}

// "uprobe:LIB:f,uprobe:LIB:g", or a "*" for all functions.
std::string probes(const Question& question) {
  const auto library = question.pair.library.string();
  const ElfFile elf = ElfFile::open(question.subject.unstripped);
  std::set<std::string, std::less<>> names;
  for (const auto& symbols : {full_symbols(elf), dynamic_symbols(elf)})
    for (const Symbol& symbol : symbols)
      // What else a name may hold (".", "@") has a meaning in bpftrace's language.
      if (symbol.defined() && symbol.function() && !symbol.name.empty() &&
          std::ranges::all_of(symbol.name,
                              [](unsigned char c) { return std::isalnum(c) || c == '_'; }))
        names.emplace(symbol.name);
  if (names.size() <= most_functions) return fmt::format("uprobe:{}:*", library);
  const std::vector<std::string> all(names.begin(), names.end());
  std::string some;
  for (std::size_t i = 0; i < most_functions; ++i)
    some += fmt::format("{}uprobe:{}:{}", i == 0 ? "" : ",", library,
                        all[i * all.size() / most_functions]);
  return some;
}

std::vector<Run> Bpftrace::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    Run run;
    run.label = query;
    run.queries = {query};
    // bpftrace asks for root before it does anything; to list it only reads files, and root of a
    // user namespace will do.
    if (geteuid() != 0)
      if (const auto unshare = find_program("unshare"))
        run.command.argv = {unshare->string(), "--map-root-user"};
    for (const auto& argument :
         {found.program.string(), std::string("-l"), std::string("-v"), probes(question)})
      run.command.argv.push_back(argument);
    run.reader = std::make_unique<ListingReader>(query, question.pair.library);
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_bpftrace() {
  return std::make_unique<Bpftrace>();
}

}  // namespace splitstrip
