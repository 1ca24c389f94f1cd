#include "consumers/pahole/pahole.h"

#include <array>

#include "consumers/debug_sections.h"
#include "consumers/pahole/dwarves_reader.h"
#include "consumers/program.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_pahole{
    Query{"types", "pahole: layout, holes and place of every structure and union"},
    Query{"functions", "pfunct: prototype, locals, scopes and inlined calls of every function"},
};

class Pahole final : public Consumer {
 public:
  std::string_view name() const override { return "pahole"; }
  std::span<const Query> queries() const override { return queries_of_pahole; }
  Detection detect() const override;
  bool concerns(std::string_view query, const Subject& subject) const override;
  bool reads_objects(std::string_view) const override { return true; }
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Pahole::detect() const {
  // 1.22 is the first that reads DWARF 5 as gcc writes it by default.
  return detect_program({.program = "pahole",
                         .version_follows = "v",
                         .oldest = "1.22",
                         .debian_package = "dwarves",
                         .fedora_package = "dwarves"});
}

// pfunct (1.24) frees what it did not allocate where there are type units of DWARF 4, and aborts.
bool Pahole::concerns(std::string_view query, const Subject& subject) const {
  return query != "functions" || !has_section(subject.unstripped, ".debug_types");
}

// Both look for the debug file through libdwfl, by build-id below /usr/lib/debug and in .debug
// beside the library, and cannot be told of another place: either kind of stage has it in one of
// them.
std::vector<Run> Pahole::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    Run run;
    run.label = query;
    run.queries = {query};
    const bool types = query == "types";
    // Never BTF or CTF, which a library may carry beside its DWARF.
    if (types)
      // With anonymous types, nested ones, and those declared within functions.
      run.command.argv = {found.program.string(),  "-F", "dwarf", "-I", "-a", "-A",
                          "--show_private_classes"};
    else
      run.command.argv = {
          (found.program.parent_path() / "pfunct").string(), "-F", "dwarf", "-l", "-V", "-i"};
    run.command.argv.push_back(question.pair.library.string());
    run.reader = std::make_unique<DwarvesReader>(types ? "pahole" : "pfunct", query);
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_pahole() {
  return std::make_unique<Pahole>();
}

}  // namespace splitstrip
