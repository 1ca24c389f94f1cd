// Executes commands, several at a time, on one event loop.
//
// Duties: never more than `jobs` at once; streams the answer channel as it comes; enforces the
// limits with SIGTERM to the whole session of the command, half a second, then SIGKILL, and says so
// if that failed; leaves no process behind, not even when the harness itself is killed; measures
// wall clock, CPU and memory of each. Knows nothing of facts or verdicts.
//
//   Runner runner(jobs);
//   Runner::Job job;
//   job.command.argv = {"eu-stack", "-p", "1"};
//   job.scratch = scratch.path();
//   job.answer = [&](std::string_view bytes) { reader.read(bytes, facts); };
//   job.ended = [&](const Ending& ending) { reader.finish(ending, facts); };
//   runner.start(std::move(job));
//   runner.run();
//
// Every command is started by a small helper process, see run/stage_protocol.h.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "run/command.h"
#include "run/stage.h"

namespace splitstrip {

class Runner {
 public:
  // What SIGINT, SIGTERM and SIGHUP do while run() runs.
  enum class Signals {
    cancel,     // the first cancels, the second does so without mercy; run() returns
    as_others,  // cancel if something else in the process catches them too, else what they always
                // do
  };

  // `jobs` >= 1 commands run at the same time. Throws Error if the helper program is not there.
  explicit Runner(unsigned jobs, Signals signals = Signals::cancel);
  // Kills what is still running.
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  struct Job {
    Command command;
    Limits limits;
    const Stage* stage = nullptr;   // nullptr: runs in the machine as it is
    std::filesystem::path scratch;  // exists; the working directory, HOME and TMPDIR of the command
    std::function<void()> started;  // may be empty
    std::function<void(std::string_view)> answer;  // bytes of the answer channel; may be empty
    // Called once for each job, after the last answer; also for those never started.
    std::function<void(const Ending&)> ended;
  };

  // Queues a job; jobs and work begin in the order in which they were queued. May be called from
  // within the callbacks, which all run on the thread that called run(), but not from other
  // threads. An exception from a callback cancels everything, and run() throws it on.
  void start(Job job);

  // A program that runs beside the jobs, as a server does: it takes no place of theirs, and has no
  // time limit. The runner kills it, with all that it started, when this object goes.
  class Service {
   public:
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

   private:
    friend class Runner;
    struct State;
    explicit Service(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
  };

  // Starts `job` at once, unless everything was cancelled. Its callbacks are called as those of
  // start() are, `ended` also when it is killed; run() returns only after that. To be called on the
  // thread of run(). Throws Error if it cannot be described (see encode_job()).
  std::unique_ptr<Service> serve(Job job);

  // Queues short work for a thread of the pool, within the same bound on jobs but before them;
  // `done` is called on the loop's thread. An exception from `work` is as one from a callback.
  // After cancel() what was not begun is forgotten, without `done`.
  void compute(std::function<void()> work, std::function<void()> done);

  // Calls `tick` every `milliseconds` while run() runs. To be called before run().
  void every(unsigned milliseconds, std::function<void()> tick);

  // Returns when nothing is queued or running. Throws what a callback threw.
  void run();

  // Ends everything; jobs end as `cancelled`. Safe from callbacks.
  void cancel();
  bool cancelled() const;

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace splitstrip
