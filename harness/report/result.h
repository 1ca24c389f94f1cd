// What a run of `splitstrip check` found: the one model that terminal, JSON and JUnit render, and
// that later comparisons read. Filled by harness/check, in the order of the plan: cells by subject,
// recipe, way, consumer and query, as the plan lists them, whatever order they finished in.
//
// All sizes are bytes, all times seconds. Texts are what consumers printed and may hold any byte;
// each renderer escapes for its own format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "facts/compare.h"
#include "facts/compare_twice.h"
#include "report/outcome.h"

namespace splitstrip {

// The version of results/result.schema.json that this model is written as. To be raised when a
// field goes or changes its meaning.
inline constexpr std::uint64_t result_schema_version = 1;

struct Tool {
  std::string name = "splitstrip";
  std::string version;
};

struct Host {
  std::string machine;       // as `uname -m`
  std::string kernel;        // as `uname -r`
  std::string distribution;  // PRETTY_NAME of os-release(5)
};

struct ConsumerInfo {
  std::string name;
  std::string version;  // as the program prints it
  std::string path;
  double cpu_seconds = 0;  // of all its runs, its children included
  bool available = false;
  std::string reason;  // if not available: why, and what brings it
};

// What the candidate's main carries; see harness/typedata.
struct TypedataInfo {
  std::uint64_t bytes = 0;     // of the section as stored
  std::uint64_t exported = 0;  // functions and objects that the library exports
  std::uint64_t typed = 0;     // of those, the ones that have a type
};

// What the synthetic cores of a library's call sites cover; see harness/synth.
struct CallSitesInfo {
  std::uint64_t calls = 0;    // return addresses in the library's code
  std::uint64_t covered = 0;  // of those, the ones that are in a backtrace
  // Of those covered, the ones that are the outermost frame because no frame can lie beneath: how
  // many, by reason in words.
  std::map<std::string, std::uint64_t> outermost;
  std::uint64_t changes = 0;  // addresses where a line or a variable's location changes
  std::uint64_t tops = 0;     // of those, the ones that a thread stands at
};

struct SubjectInfo {
  std::string name;
  std::string path;                         // what the user named
  std::string build_id;                     // lower-case hex
  std::string arch;                         // as `uname -m` says it
  std::uint64_t main_bytes = 0;             // of the conventional pair
  std::uint64_t debug_bytes = 0;            // of the conventional pair
  std::vector<std::string> notes;           // what was done in another way than usual
  std::optional<TypedataInfo> typedata;     // absent if no recipe made any
  std::optional<CallSitesInfo> call_sites;  // absent if no consumer asked for synthetic cores
};

struct CellResult {
  std::string subject;
  std::string recipe;
  std::string found_by = "build-id";  // how the candidate's debug file is found: run/found_by.h
  std::string consumer;
  std::string query;
  Outcome outcome = Outcome::error;
  std::uint64_t facts = 0;     // of the reference
  std::uint64_t evidence = 0;  // of those, the ones that the withheld control does not have
  std::uint64_t changed = 0;
  std::uint64_t lost = 0;
  std::uint64_t gained = 0;
  double seconds = 0;      // wall clock of its runs; a run that answers several queries is shared
                           // out among them
  double cpu_seconds = 0;  // likewise
  std::vector<std::string> reused;  // those of its answers that an earlier run gave: "reference",
                                    // "withheld", "candidate"; their times are of that run
  std::string reason;               // for every outcome but same and gained: one line, in words
  // argv of the candidate's run, as the consumer saw it, or of the one that shows why there is
  // none; its arguments in a file if they are many (check/shown_command.h).
  std::vector<std::string> command;
  std::vector<Difference> differences;  // the first Comparison::kept_differences, by key
  std::vector<UnsteadyFact> unsteady;   // likewise, of those told otherwise when asked again
  std::string facts_file;               // relative to the result's directory, or empty
  std::string output_file;              // what a failed consumer printed, likewise
};

struct Summary {
  Verdict verdict = Verdict::failed;
  int exit = 2;
  OutcomeCounts counts;
  std::vector<std::string> required;  // consumers of --require
  std::vector<std::string> left_out;  // as --without names them: CONSUMER or CONSUMER/QUERY
};

struct Result {
  Tool tool;
  std::string started;     // ISO 8601 in UTC: 2026-11-23T04:05:06Z
  double seconds = 0;      // wall clock of the whole run
  double cpu_seconds = 0;  // of the harness itself, without the consumers
  Host host;
  std::vector<ConsumerInfo> consumers;
  std::vector<SubjectInfo> subjects;
  std::vector<CellResult> cells;
  Summary summary;
};

// What the cells come to, with `required` the consumers that must have proven something: each of
// their cells that is vacuous, unavailable or unstable, and each of them without any cell, fails
// the run.
Summary summarise(const std::vector<CellResult>& cells, std::vector<std::string> required);

// The machine this runs on; what cannot be learnt stays empty.
Host this_host();

// `time` as Result::started has it.
std::string iso8601_utc(std::int64_t seconds_since_epoch);

}  // namespace splitstrip
