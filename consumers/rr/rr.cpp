#include "consumers/rr/rr.h"

#include <array>
#include <string_view>

#include "consumers/debug_sections.h"
#include "consumers/foreign.h"
#include "consumers/program.h"
#include "consumers/rr/sources_reader.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_rr{
    Query{"sources", "rr explicit-sources: the debug files and source files of a library"},
};

class Rr final : public Consumer {
 public:
  std::string_view name() const override { return "rr"; }
  std::span<const Query> queries() const override { return queries_of_rr; }
  Detection detect() const override;
  bool concerns(std::string_view query, const Subject& subject) const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Rr::detect() const {
  // 5.6 is the first that takes a list of files.
  return detect_program({.program = "rr",
                         .version_follows = "version",
                         .oldest = "5.6",
                         .debian_package = "rr",
                         .fedora_package = "rr"});
}

// rr reads the files of machines that it can record on, which are the one it is built for, and on
// x86-64 the 32-bit one too: of others it tells nothing.
bool Rr::concerns(std::string_view /*query*/, const Subject& subject) const {
  // rr (5.6) knows zlib alone, and dies of SIGSEGV.
  if (compressed_with_zstd(subject.unstripped)) return false;
  return runs_here(subject);
}

std::vector<Run> Rr::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    Run run;
    run.label = query;
    run.queries = {query};
    run.command.argv = {found.program.string(), "explicit-sources", question.pair.library.string()};
    run.reader = std::make_unique<SourcesReader>(query, question.pair.root.string());
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_rr() {
  return std::make_unique<Rr>();
}

}  // namespace splitstrip
