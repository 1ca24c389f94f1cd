#include "consumers/binutils/binutils.h"

#include <array>

#include "consumers/addr2line_reader.h"
#include "consumers/asked_addresses.h"
#include "consumers/binutils/entry_reader.h"
#include "consumers/binutils/line_table_reader.h"
#include "consumers/binutils/symbol_table_reader.h"
#include "consumers/program.h"

namespace splitstrip {
namespace {

constexpr std::array queries_of_binutils{
    Query{"addresses", "addr2line -f -i: function, line and inlined callers of code addresses"},
    Query{"lines", "readelf decodedline, follow-links: every row of the line tables"},
    Query{"units", "readelf info, follow-links: what every unit declares and defines"},
    Query{"symbols", "readelf -s --process-links: the debug file's symbols"},
};

class Binutils final : public Consumer {
 public:
  std::string_view name() const override { return "binutils"; }
  std::span<const Query> queries() const override { return queries_of_binutils; }
  Detection detect() const override;
  // An address says nothing there without its section.
  bool reads_objects(std::string_view query) const override { return query != "addresses"; }
  std::vector<Run> plan(const Question& question, const Detection& found) const override;
};

Detection Binutils::detect() const {
  // 2.35 is the first whose readelf reads DWARF 5 and follows links in every dump.
  return detect_program({.program = "readelf",
                         .version_follows = "GNU readelf",
                         .oldest = "2.35",
                         .debian_package = "binutils",
                         .fedora_package = "binutils"});
}

// Nothing tells these programs of a debug directory. They look below /usr/lib/debug and in .debug
// beside the library, which is where both kinds of stage have the debug file.
Run ask_addresses(const Question& question, const Detection& found) {
  const auto file = question.pair.scratch / "addresses";
  const auto addresses =
      write_asked_addresses(question.subject.unstripped, file, "binutils' addr2line");
  Run run;
  run.command.argv = {(found.program.parent_path() / "addr2line").string(),
                      "-a",
                      "-f",
                      "-i",
                      "-e",
                      question.pair.library.string()};
  run.command.standard_input = file;
  run.reader = std::make_unique<Addr2lineReader>("addr2line", "addresses",
                                                 Addr2lineReader::Asked::functions, addresses);
  return run;
}

template <class Reader>
Run ask_readelf(const Question& question, const Detection& found, const std::string& query,
                std::vector<std::string> options) {
  Run run;
  run.command.argv = {found.program.string(), "-W"};
  run.command.argv.insert(run.command.argv.end(), options.begin(), options.end());
  run.command.argv.push_back(question.pair.library.string());
  run.reader = std::make_unique<Reader>(query);
  return run;
}

std::vector<Run> Binutils::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    Run run;
    if (query == "addresses")
      run = ask_addresses(question, found);
    else if (query == "lines")
      run = ask_readelf<LineTableReader>(question, found, query,
                                         {"--debug-dump=decodedline,follow-links"});
    else if (query == "units")
      run = ask_readelf<EntryReader>(question, found, query, {"--debug-dump=info,follow-links"});
    else
      run =
          ask_readelf<SymbolTableReader>(question, found, query, {"--process-links", "--symbols"});
    run.label = query;
    run.queries = {query};
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_binutils() {
  return std::make_unique<Binutils>();
}

}  // namespace splitstrip
