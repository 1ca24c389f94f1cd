// The whole check: for each subject the pairs, for each pair the stage, for each consumer its
// answers, for each query the comparison.
//
//   unstripped ──▶ conventional ──▶ reference ──▶ answers ─┬──▶ cell
//              │                └─▶ withheld  ──▶ answers ─┤
//              └─▶ recipe R ──────▶ candidate ──▶ answers ─┘
//
// The candidate's debug file may have to be found in other ways than the reference's; each recipe
// makes a candidate for each way. A further pair by the conventional recipe then shows for each way
// whether a consumer is able to find any debug file so.
//
// The reference is asked first; what it could not answer (missing, too slow, crashed) is not asked
// of the others, since it decides the cell. All are asked in the same way: an answer may depend on
// the questions before it, so that what one is spared is a whole run of the consumer, never a
// question within one.
//
// What differs is asked again of both sides before it is a verdict: see ask_again.h.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consumers/consumer.h"
#include "report/result.h"
#include "run/found_by.h"
#include "run/runner.h"
#include "subject/subject.h"
#include "synth/stacks.h"

namespace splitstrip {

struct CheckOptions {
  std::vector<std::string> recipes = {"typedata"};
  std::vector<FoundBy> found_by = {FoundBy::build_id};  // how the candidate's debug file is found
  std::vector<std::string> consumers;                   // empty: all
  std::vector<std::string> queries;                     // empty: all
  std::vector<std::string> required;                    // consumers that must have proven something
  std::vector<std::string> left_out;                    // CONSUMER or CONSUMER/QUERY
  std::chrono::seconds timeout{300};                    // for each run of a consumer
  unsigned jobs = 1;
  synth::StackOptions stacks;  // of the synthetic cores
  // Where answers are remembered from one check to the next; none: everything is asked anew.
  std::optional<std::filesystem::path> cache;
};

// Hears of what is going on, on the thread of check().
class CheckObserver {
 public:
  virtual ~CheckObserver() = default;
  virtual void planned(std::size_t /*cells*/) {}
  virtual void run_started(const std::string& /*what*/) {}
  virtual void run_ended(const std::string& /*what*/, const Ending& /*ending*/) {}
  virtual void cell_done(const CellResult& /*cell*/) {}
  virtual void tick() {}  // ten times a second
};

// Checks that all of `options` exists. Throws Error naming the word and the ones that would do.
void validate(const CheckOptions& options, const std::vector<std::unique_ptr<Consumer>>& consumers);

// Pairs and stages go below `work`, facts below `output`/facts; both exist. Returns what was found,
// complete but for `tool`. Throws Error if the check itself cannot go on, Interrupted if it was
// cancelled; what goes wrong with one subject or consumer becomes its cells' outcome.
Result check(const std::vector<Subject>& subjects,
             const std::vector<std::unique_ptr<Consumer>>& consumers, const CheckOptions& options,
             const std::filesystem::path& work, const std::filesystem::path& output,
             CheckObserver& observer);

// The user ended it (Ctrl-C, SIGTERM).
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted; nothing was written"; }
};

}  // namespace splitstrip
