#include "consumers/libdw/libdw.h"

#include <array>

#include <elfutils/libdwfl.h>

#include "consumers/answers.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_libdw{
    Query{"dies", "every DIE with all that its attributes say, whatever their forms and offsets"},
    Query{"line-tables", "every row of every unit's line table, with column and flags"},
};

class Libdw final : public Consumer {
 public:
  std::string_view name() const override { return "libdw"; }
  std::span<const Query> queries() const override { return queries_of_libdw; }
  Detection detect() const override;
  bool reads_objects(std::string_view) const override { return true; }
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

// The library is linked with, and the program is the harness's own.
Detection Libdw::detect() const {
  Detection found;
  found.debian_package = "libdw1";
  found.fedora_package = "elfutils-libs";
  found.program = helper_program("splitstrip-dies");
  found.version = dwfl_version(nullptr);
  found.available = true;
  return found;
}

// One run for each query: what libdw has read for one is of no use to the other, and it keeps all.
std::vector<Run> Libdw::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    Run run;
    run.label = query;
    run.queries = {query};
    run.command.argv = {found.program.string(), question.pair.library.string(),
                        question.pair.debug_root.string(), query};
    run.command.answers = Channel::facts;
    run.reader = std::make_unique<FactLinesReader>(run.queries);
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_libdw() {
  return std::make_unique<Libdw>();
}

}  // namespace splitstrip
