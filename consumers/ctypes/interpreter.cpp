#include "consumers/ctypes/interpreter.h"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "consumers/answers.h"
#include "consumers/foreign.h"
#include "consumers/program.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view crash = "ffi-crash";
constexpr std::string_view types = "ffi-types";
constexpr const char* libtypedata = "libtypedata.so.1";

constexpr std::array queries_of_interpreters{
    Query{crash,
          "calls with wrong types: the process dies, or TypeError says why (fixtures ffi-*)"},
    Query{types, "every exported function and object as ctypes is told it, every record's layout"},
};

// What runs in the interpreter; the package typesafe_ctypes lies beside its directory.
fs::path collector() {
  return data_directory("consumers/ctypes/scripts") / "collect.py";
}

class InterpreterConsumer final : public Consumer {
 public:
  explicit InterpreterConsumer(Interpreter which) : which_(std::move(which)) {}

  std::string_view name() const override { return which_.consumer; }
  std::span<const Query> queries() const override { return queries_of_interpreters; }
  Detection detect() const override;
  // Libraries of another machine cannot be loaded, and the sizes of ctypes' types are this one's.
  bool concerns(std::string_view query, const Subject& subject) const override {
    return !is_foreign(subject) && (query == types || !subject.crash_cases.empty());
  }
  std::optional<Expectation> expectation(std::string_view query,
                                         const Subject& subject) const override;
  std::vector<Run> plan(const Question& question, const Detection& found) const override;

 private:
  Interpreter which_;
};

Detection InterpreterConsumer::detect() const {
  Detection found;
  found.debian_package = which_.debian_package;
  found.fedora_package = which_.fedora_package;
  found.reason = fmt::format("{} is not in PATH", which_.program);
  std::vector<fs::path> programs{fs::path("/usr/bin") / which_.program};
  if (const auto other = find_program(which_.program)) programs.push_back(*other);
  for (const auto& program : programs) {
    found.version =
        version_in(program_says({program.string(), "--version"}), which_.version_follows);
    if (found.version.empty()) continue;
    found.program = program;
    found.available = !older(found.version, which_.oldest);
    found.reason = found.available ? ""
                                   : fmt::format("{} {} is too old; {} or later is needed",
                                                 which_.program, found.version, which_.oldest);
    break;
  }
  try {
    shared_library(libtypedata);
    if (!fs::exists(collector().parent_path().parent_path() / "typesafe_ctypes/__init__.py"))
      throw Error::of("typesafe_ctypes: no such package beside the program");
  } catch (const Error& error) {
    found.available = false;
    found.reason = error.what();
  }
  return found;
}

std::optional<Expectation> InterpreterConsumer::expectation(std::string_view query,
                                                            const Subject& subject) const {
  if (query != crash) return std::nullopt;
  Expectation expected;
  for (const CrashCase& one : subject.crash_cases) {
    const CaseEnds& ends = one.ends_for(name());
    if (!ends.unavailable.empty()) continue;
    const auto both = [&](const char* what, const std::string& value) {
      const Fact fact{fmt::format("{}: {}", one.name, what), value};
      expected.candidate.push_back(fact);
      expected.control.push_back(fact);
    };
    both("right, plain", ends.right);
    both("right, checked", ends.right);
    const std::string by_types = one.name + ": right, checked by types";
    expected.control.push_back({by_types, "no"});
    expected.candidate.push_back({by_types, "yes"});
    if (!one.has_wrong()) continue;
    both("wrong, plain", ends.plain);
    const std::string checked = one.name + ": wrong, checked";
    expected.control.push_back({checked, ends.plain});
    expected.candidate.push_back({checked, ends.checked});
    for (const auto& words : ends.says)
      expected.candidate.push_back({fmt::format("{}: says {}", one.name, words), "yes"});
  }
  return expected;
}

json cases_of(const Subject& subject, std::string_view consumer) {
  json cases = json::array();
  for (const CrashCase& one : subject.crash_cases) {
    const CaseEnds& ends = one.ends_for(consumer);
    if (!ends.unavailable.empty()) continue;
    cases.push_back({{"name", one.name},
                     {"script", one.script.string()},
                     {"wrong", one.has_wrong()},
                     {"says", ends.says}});
  }
  return cases;
}

std::vector<Run> InterpreterConsumer::plan(const Question& question, const Detection& found) const {
  std::vector<Run> runs;
  for (const auto& query : question.queries) {
    json parameters{{"queries", {query}}, {"library", question.pair.library.string()}};
    if (query == crash) parameters["cases"] = cases_of(question.subject, name());
    const fs::path file = question.pair.scratch / (query + ".json");
    write_file(file, parameters.dump(1, ' ', false, json::error_handler_t::replace) + '\n');

    Run run;
    run.label = query;
    run.queries = {query};
    run.command.argv = {found.program.string(), "-s", collector().string()};
    run.command.environment = {
        {"SPLITSTRIP_PARAMETERS", file.string()},
        {"TYPESAFE_CTYPES_LIBTYPEDATA", shared_library(libtypedata).string()},
        {"TYPEDATA_DEBUG_ROOT", question.pair.debug_root.string()}};
    run.command.answers = Channel::facts;
    run.reader = std::make_unique<FactLinesReader>(run.queries);
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

std::unique_ptr<Consumer> make_interpreter(Interpreter which) {
  return std::make_unique<InterpreterConsumer>(std::move(which));
}

}  // namespace splitstrip
