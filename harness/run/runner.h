// Executes commands, several at a time, on one event loop.
//
// Duties: never more than `jobs` at once; streams the answer channel as it comes; enforces the
// limits with SIGTERM to the whole session of the command, half a second, then SIGKILL, and says so
// if that failed; leaves no process behind, not even when the harness itself is killed; measures
// wall clock, CPU and memory of each. Knows nothing of facts or verdicts.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "run/command.h"
#include "run/stage.h"

namespace splitstrip {

class Runner {
 public:
  // `jobs` >= 1 commands run at the same time.
  explicit Runner(unsigned jobs);
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
    std::function<void(const Ending&)>
        ended;  // called once for each job, also for those never started
  };

  // Queues a job; may be called from within the callbacks. Callbacks run on the thread that called
  // run().
  void start(Job job);

  // Queues work for a thread of the pool, within the same bound on jobs; `done` is called on the
  // loop's thread. `work` must not throw.
  void compute(std::function<void()> work, std::function<void()> done);

  // Calls `tick` every `milliseconds` while run() runs.
  void every(unsigned milliseconds, std::function<void()> tick);

  // Returns when nothing is queued or running. SIGINT and SIGTERM cancel all that is running and
  // queued.
  void run();

  // Ends everything; jobs end as `cancelled`. Safe from callbacks.
  void cancel();
  bool cancelled() const;

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace splitstrip
