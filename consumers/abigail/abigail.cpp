#include "consumers/abigail/abigail.h"

#include <array>

#include "consumers/abigail/abi_document.h"
#include "consumers/abigail/abi_report.h"
#include "consumers/abigail/ada_ranges.h"
#include "consumers/abigail/types_seen.h"
#include "consumers/program.h"

namespace splitstrip {
namespace {

constexpr std::array queries_asked = {
    Query{"abi-document", "what abidw writes about the pair: every function, variable and type"},
    Query{"abi-diff",
          "abidiff of the conventional pair against this one: the types that it read of "
          "both, and whether it sees a change"},
    Query{"abi-break",
          "abidiff of this pair against the same with a planted ABI break: its report"},
    Query{
        "abi-upgrade",
        "abidiff of the conventional pair against this one with a planted ABI break: its report"}};

// One of the two pairs that abidiff is given. Told of a debug directory, libabigail looks nowhere
// else: for a debug file beside the library it must not be told.
struct Side {
  const std::filesystem::path& library;
  const std::filesystem::path& debug_root;
  bool beside = false;

  // The option and its value, or nothing.
  std::vector<std::string> debug_directory(const char* option) const {
    if (beside) return {};
    return {option, debug_root};
  }
};

class Abigail : public Consumer {
 public:
  std::string_view name() const override { return "abidiff"; }
  std::span<const Query> queries() const override { return queries_asked; }

  Detection detect() const override {
    const Wanted wanted{"abidiff", "abidiff: ", "2.0", "abigail-tools", "libabigail"};
    Detection found = detect_program(wanted);
    if (found.available && !find_program("abidw")) {
      found.available = false;
      found.reason = "abidiff is here, abidw of the same package is not";
    }
    return found;
  }

  std::string cannot_read(const Subject& subject) const override {
    if (!has_ada_ranges(subject.unstripped)) return {};
    return "cannot read the conventional pair: abidw does not come to an end with Ada's range "
           "types "
           "(seen with 2.2)";
  }

  Needs needs(std::string_view query) const override {
    Needs needs;
    needs.reference_pair = query == "abi-diff" || query == "abi-upgrade";
    needs.broken_pair = query == "abi-break" || query == "abi-upgrade";
    return needs;
  }

  std::vector<Run> plan(const Question& question, const Detection& found) const override {
    const auto& pair = question.pair;
    const bool beside = pair.found_by == FoundBy::debuglink || pair.found_by == FoundBy::dot_debug;
    const Side candidate{pair.library, pair.debug_root, beside};
    const Side reference{pair.reference_library, pair.reference_debug_root};
    const Side broken{pair.broken_library, pair.broken_debug_root, beside};
    // One run for each query: on some libraries one of them takes hours, and must not take the
    // others with it.
    std::vector<Run> runs;
    for (const auto& query : question.queries) {
      Run run;
      run.label = query;
      run.queries = {query};
      if (query == "abi-document") {
        run.command.argv = {found.program.parent_path() / "abidw"};
        append(run.command, candidate.debug_directory("--debug-info-dir"));
        append(run.command, {pair.library});
        run.reader = std::make_unique<AbiDocumentReader>(query);
      } else if (query == "abi-diff") {
        run.command = compare(found, reference, candidate);
        run.command.argv.insert(run.command.argv.begin() + 1, "--verbose");
        run.command.answers = Channel::standard_error;
        run.reader = std::make_unique<TypesSeenReader>(query, pair.reference_library, pair.library);
      } else if (query == "abi-break" || query == "abi-upgrade") {
        run.command = compare(found, query == "abi-break" ? candidate : reference, broken);
        run.reader = std::make_unique<AbiReportReader>(query);
      } else {
        continue;
      }
      runs.push_back(std::move(run));
    }
    return runs;
  }

 private:
  // abidiff with everything in its report that does not grow out of bounds: no suppression files of
  // the machine, harmless changes too, but what was reported once is not reported again.
  static Command compare(const Detection& found, const Side& first, const Side& second) {
    Command command;
    command.argv = {found.program, "--no-default-suppression", "--harmless"};
    append(command, first.debug_directory("--d1"));
    append(command, second.debug_directory("--d2"));
    append(command, {first.library, second.library});
    return command;
  }

  static void append(Command& command, const std::vector<std::string>& words) {
    command.argv.insert(command.argv.end(), words.begin(), words.end());
  }
};

}  // namespace

std::unique_ptr<Consumer> make_abigail() {
  return std::make_unique<Abigail>();
}

}  // namespace splitstrip
