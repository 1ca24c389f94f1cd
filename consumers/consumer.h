// A consumer: a program that reads DWARF, and what the harness knows about it.
//
// To add one:
//   1. make consumers/NAME/ with NAME.cpp, NAME.h (one function, `std::unique_ptr<Consumer>
//   make_NAME()`)
//      and README.md: what it is asked, and which of its answers depend on the debug file;
//   2. add one line to consumers/consumers.cpp and the sources to consumers/CMakeLists.txt;
//   3. run `splitstrip doctor`, then `splitstrip check fixtures --consumer NAME`: every query must
//   have
//      evidence on at least one fixture, otherwise it is a check that cannot fail.
//
// A consumer says what to run and how to read the answers. It decides nothing: it knows no other
// pair than the one before it and no verdicts.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact.h"
#include "run/command.h"
#include "run/found_by.h"
#include "subject/subject.h"

namespace splitstrip {

struct Query {
  std::string_view name;      // as in `--query types`
  std::string_view asks;      // one line for --help, doctor and the report
  bool needs_driver = false;  // can be asked only where a program exercises the library
};

// Whether the program is here and fit for use.
struct Detection {
  bool available = false;
  std::filesystem::path program;
  std::string version;         // as the program prints it, without its name
  std::string reason;          // if not available: missing, or too old, in words
  std::string debian_package;  // what brings it, always filled in
  std::string fedora_package;
};

// One pair, laid out as an installed system has it. All paths are as the consumer sees them.
struct StagedPair {
  std::filesystem::path root;        // $ROOT: everything of the stage lies below
  std::filesystem::path library;     // $ROOT/lib/libfoo.so.1: the pair's main
  std::filesystem::path driver;      // $ROOT/bin/driver; empty without one
  std::filesystem::path debug_root;  // holds .build-id/xx/yyyy.debug
  // Where the debug file is. In another way than by build-id it is not below debug_root/.build-id;
  // a consumer that takes only that directory's word (`--debug-info-dir`) must be told otherwise.
  FoundBy found_by = FoundBy::build_id;
  bool isolated = false;  // debug_root is the system's own /usr/lib/debug, replaced by a mount
                          // namespace; otherwise the consumer must be told of debug_root
  std::filesystem::path scratch;  // private to one run, writable, empty, visible at this very path
                                  // to harness and consumer alike

  // Only for consumers whose needs() ask for them, else empty:
  std::filesystem::path reference_library;  // main of the conventional pair
  std::filesystem::path reference_debug_root;
  std::filesystem::path broken_library;  // the same recipe on the same subject, its ABI broken
  std::filesystem::path broken_debug_root;
  std::filesystem::path core;  // a core file of the driver at its deepest point
  // Core files whose threads stand on made-up stacks, below root; see synth/synthetic_cores.h.
  std::vector<std::filesystem::path> synthetic_cores;
};

struct Needs {
  bool reference_pair = false;
  bool broken_pair = false;
  bool core = false;
  bool synthetic_cores = false;
};

// What came of one query in one run.
struct QueryEnd {
  enum class How { answered, unavailable, failed };

  std::string query;
  How how = How::answered;
  std::string reason;  // unless answered: one line, in words
};

// Turns the bytes of one run's answer channel into facts, as they come.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;

  // Called with consecutive pieces of the answer channel; must not keep more than it needs.
  virtual void read(std::string_view bytes, FactSink& facts) = 0;

  // Called once, after the last byte, whatever the ending. Returns how each query of the run ended;
  // a query left out counts as failed. The exit status alone is no answer: see Ending.
  virtual std::vector<QueryEnd> finish(const Ending& ending, FactSink& facts) = 0;
};

// One execution of the consumer. It may answer several queries, and a query may be divided among
// several runs: it is answered once all of them have answered it, with the facts of all.
struct Run {
  std::string label;                 // for progress and messages: "static"; unique in a plan
  std::vector<std::string> queries;  // those that it answers
  Command command;
  std::unique_ptr<AnswerReader> reader;
};

struct Question {
  const Subject& subject;
  const StagedPair& pair;
  std::span<const std::string>
      queries;  // of this consumer's, those that were selected and can be asked
};

// What has to be answered, declared beforehand: for queries about what must differ between the
// conventional pair and one that keeps types, as a call that ends the process and one that is
// refused.
struct Expectation {
  std::vector<Fact> candidate;
  // Of the conventional pair, which is the control here. What both have to answer is no evidence.
  std::vector<Fact> control;
};

class Consumer {
 public:
  virtual ~Consumer() = default;

  virtual std::string_view name() const = 0;
  virtual std::span<const Query> queries() const = 0;

  // Looks for the program. Must not take more than a second.
  virtual Detection detect() const = 0;

  virtual Needs needs(std::string_view /*query*/) const { return {}; }

  // Whether `query` makes sense for `subject`, which has a driver if the query needs one. No cell
  // is made where it does not: memcheck has nothing to tell of a driver without errors.
  virtual bool concerns(std::string_view /*query*/, const Subject& /*subject*/) const {
    return true;
  }

  // Whether the answers to `query` can be had of an object file that is not linked (ET_REL, as
  // kernel modules are). Where not, the cell is unavailable.
  virtual bool reads_objects(std::string_view /*query*/) const { return false; }

  // Why this consumer is known not to come to an end with what `subject` is made of, in words, or
  // nothing. Its cells are unavailable then. May open the subject.
  virtual std::string cannot_read(const Subject& /*subject*/) const { return {}; }

  // What the answers to `query` are held against, if not against those about the conventional pair.
  // Such a query is asked of pairs that keep types alone (Recipe::typed), and with its debug file
  // of the conventional one.
  virtual std::optional<Expectation> expectation(std::string_view /*query*/,
                                                 const Subject& /*subject*/) const {
    return std::nullopt;
  }

  // Plans the runs that answer `question.queries`. Files that a run reads may be written to
  // `question.pair.scratch`. Every run must answer from the staged pair alone.
  virtual std::vector<Run> plan(const Question& question, const Detection& found) const = 0;
};

}  // namespace splitstrip
