// Asks one consumer about one staged pair: plans its runs, executes them, keeps the facts.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "check/answer.h"
#include "consumers/consumer.h"
#include "run/runner.h"

namespace splitstrip {

using Answers = std::map<std::string, Answer>;  // by query

struct Asking {
  const Consumer& consumer;
  const Detection& found;
  const Subject& subject;
  StagedPair pair;  // its scratch exists
  std::shared_ptr<const Stage> stage;
  // What the runs are planned for: the same for every pair that is compared, in the same order, as
  // an answer may depend on what was asked before it.
  std::vector<std::string> queries;
  // Those whose answers are wanted, not empty: runs that answer none of them are left out, and what
  // the others answer besides is dropped.
  std::vector<std::string> wanted;
  std::filesystem::path
      facts_directory;  // exists; the fact files go there, and what failed runs complained of
  Limits limits;
  // On top of what the consumer gives its commands, and instead of it.
  std::vector<std::pair<std::string, std::string>> environment;
  std::function<void(const std::string& label)> run_started;
  std::function<void(const std::string& label, const Ending&)> run_ended;
};

// Queues the runs; `done` is called on the loop's thread when the last of them has ended, with an
// answer for every wanted query. Never throws: what goes wrong becomes an answer.
void ask(Runner& runner, Asking asking, std::function<void(Answers)> done);

}  // namespace splitstrip
