#include "check/ask.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "check/shards.h"
#include "consumers/answers.h"
#include "consumers/without_places.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "facts/fact_file.h"
#include "subject/given_name.h"

namespace splitstrip {
namespace {

// What a query that was not answered is called, given how its run ended.
Outcome failure(const Ending& ending) {
  switch (ending.how) {
    case Ending::How::timed_out:
      return Outcome::timeout;
    case Ending::How::signalled:
      return Outcome::crashed;
    default:
      return Outcome::error;
  }
}

bool contains(const std::vector<std::string>& list, const std::string& query) {
  return std::ranges::find(list, query) != list.end();
}

// The runs of one Asking, alive until the last has ended.
struct Round {
  explicit Round(Asking what) : asking(std::move(what)) {}

  Asking asking;
  std::map<std::string, std::vector<Answer>> shards;  // by query, one for each of its runs
  Answers answers;
  std::size_t running = 0;
  std::function<void(Answers)> done;

  void fail_unanswered(const std::string& reason) {
    for (const auto& query : asking.wanted) {
      const auto [answer, added] = answers.try_emplace(query);
      if (added) answer->second.reason = reason;
    }
  }

  // Reads and writes fact files: runs on a thread of the pool.
  void join() {
    for (const auto& [query, of_query] : shards) {
      if (of_query.size() == 1) {
        answers.emplace(query, of_query.front());
        continue;
      }
      Answer& answer = answers[query];
      try {
        answer = join_shards(of_query, asking.facts_directory / fmt::format("{}.facts.zst", query));
      } catch (const std::exception& error) {
        answer.reason = with_given_name(error.what(), asking.subject);
      }
    }
    fail_unanswered(fmt::format("{} did not plan to ask it", asking.consumer.name()));
  }
};

// One run of a round, alive until its facts are on disk.
struct Execution {
  // `directory` exists and is this run's alone as far as its queries go.
  Execution(std::shared_ptr<Round> of, Run what, const std::filesystem::path& directory)
      : round(std::move(of)),
        run(std::move(what)),
        facts(directory),
        names(round->asking.pair),
        plain(names, facts) {}
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  std::shared_ptr<Round> round;
  Run run;
  FactCollector facts;
  PlaceNames names;
  WithoutPlaces plain;  // the way into `facts`
  std::string broken;   // why the answers could not be read, if they could not
  Ending ending;
  Answers answers;

  void read(std::string_view bytes) {
    if (!broken.empty()) return;
    try {
      run.reader->read(bytes, plain);
    } catch (const std::exception& error) {
      broken = error.what();
    }
  }

  // Reads the end of the answers and writes the facts. Runs on a thread of the pool.
  void finish() {
    try {
      if (broken.empty()) take(run.reader->finish(ending, plain));
    } catch (const std::exception& error) {
      broken = error.what();
    }
    for (const auto& query : run.queries) {
      if (!contains(round->asking.wanted, query)) continue;
      Answer& answer = answers.try_emplace(query).first->second;
      if (!broken.empty()) {
        answer.ended = Outcome::error;
        answer.reason = broken;
      } else if (answer.reason == Answer{}.reason) {
        answer.ended = failure(ending);
        answer.reason = fmt::format("no answer ({})", describe(ending));
      }
      const auto share = static_cast<double>(run.queries.size());
      answer.seconds = ending.seconds / share;
      answer.cpu_seconds = ending.cpu_seconds / share;
      answer.command = run.command.argv;
      answer.by_consumer = !answer.answered() && broken.empty() && ran();
      if (!answer.answered() && answer.ended != Outcome::unavailable) keep_complaints(answer);
    }
  }

  // Whether the consumer was there to do something.
  bool ran() const {
    return ending.how != Ending::How::not_started && ending.how != Ending::How::cancelled;
  }

  void take(const std::vector<QueryEnd>& ends) {
    for (const auto& end : ends) {
      if (!contains(run.queries, end.query) || !contains(round->asking.wanted, end.query)) continue;
      Answer& answer = answers[end.query];
      answer.reason = names(end.reason);
      switch (end.how) {
        case QueryEnd::How::answered:
          answer.facts = facts.finish(end.query).file;
          answer.ended = Outcome::same;
          break;
        case QueryEnd::How::unavailable:
          answer.ended = Outcome::unavailable;
          break;
        case QueryEnd::How::failed:
          answer.ended = failure(ending);
          break;
      }
      // How a run was ended from outside says more than what its reader saw missing.
      if (answer.ended == Outcome::timeout || ending.how == Ending::How::too_much_output)
        answer.reason = describe(ending);
    }
  }

  void keep_complaints(Answer& answer) {
    if (ending.errors_tail.empty()) return;
    answer.output = round->asking.facts_directory / fmt::format("{}.stderr", run.label);
    try {
      write_file(answer.output, ending.errors_tail);
    } catch (const Error&) {
      answer.output.clear();  // the disk is full: the reason has to do
    }
  }
};

void execute(Runner& runner, const std::shared_ptr<Round>& round, Run run,
             const std::filesystem::path& directory) {
  auto execution = std::make_shared<Execution>(round, std::move(run), directory);
  Runner::Job job;
  job.command = execution->run.command;
  const auto& environment = round->asking.environment;
  job.command.environment.insert(job.command.environment.end(), environment.begin(),
                                 environment.end());
  job.limits = round->asking.limits;
  job.stage = round->asking.stage.get();
  job.scratch = round->asking.pair.scratch;
  job.started = [execution] {
    if (execution->round->asking.run_started)
      execution->round->asking.run_started(execution->run.label);
  };
  job.answer = [execution](std::string_view bytes) { execution->read(bytes); };
  job.ended = [execution, &runner](const Ending& ending) {
    execution->ending = ending;
    if (execution->round->asking.run_ended)
      execution->round->asking.run_ended(execution->run.label, ending);
    runner.compute([execution] { execution->finish(); },
                   [execution, &runner] {
                     const auto of = execution->round;
                     for (auto& [query, answer] : execution->answers)
                       of->shards[query].push_back(std::move(answer));
                     if (--of->running != 0) return;
                     runner.compute([of] { of->join(); },
                                    [of] { of->done(std::move(of->answers)); });
                   });
  };
  runner.start(std::move(job));
}

// Where each of `runs` writes its facts: one that shares a query with another has a directory of
// its own.
std::vector<std::filesystem::path> fact_directories(const std::vector<Run>& runs,
                                                    const std::filesystem::path& base) {
  std::map<std::string_view, unsigned> times;
  for (const Run& run : runs)
    for (const auto& query : run.queries) ++times[query];
  std::vector<std::filesystem::path> directories(runs.size(), base);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool shared = std::ranges::any_of(
        runs[i].queries, [&](const std::string& query) { return times[query] > 1; });
    if (!shared) continue;
    directories[i] = base / fmt::format("part{}", i);
    std::filesystem::create_directories(directories[i]);
  }
  return directories;
}

void give_up(Runner& runner, const std::shared_ptr<Round>& round, const std::string& reason) {
  round->fail_unanswered(reason);
  runner.compute([] {}, [round] { round->done(std::move(round->answers)); });
}

}  // namespace

void ask(Runner& runner, Asking asking, std::function<void(Answers)> done) {
  auto round = std::make_shared<Round>(std::move(asking));
  round->done = std::move(done);
  std::vector<Run> runs;
  std::vector<std::filesystem::path> directories;
  std::string reason;
  try {
    const Asking& of = round->asking;
    runs = of.consumer.plan(Question{of.subject, of.pair, of.queries}, of.found);
    directories = fact_directories(runs, of.facts_directory);
    reason = fmt::format("{} did not plan to ask it", of.consumer.name());
  } catch (const std::exception& error) {
    runs.clear();
    reason = with_given_name(error.what(), round->asking.subject);
  }
  std::vector<std::size_t> executed;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto wanted = [&](const auto& query) { return contains(round->asking.wanted, query); };
    if (std::ranges::any_of(runs[i].queries, wanted)) executed.push_back(i);
  }
  if (executed.empty()) return give_up(runner, round, reason);
  round->running = executed.size();
  for (const std::size_t i : executed) execute(runner, round, std::move(runs[i]), directories[i]);
}

}  // namespace splitstrip
