// What runs when: at most so many tasks at once, in the order in which they came, the short ones
// first. Knows nothing of processes or loops, so that it can be tested without either.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>

namespace splitstrip {

class JobQueue {
 public:
  struct Task {
    std::function<void()> begin;  // takes a slot until end_one()
    std::function<void()> drop;   // called instead of begin once the queue is cancelled
  };

  // `slots` >= 1; 0 counts as 1.
  explicit JobQueue(unsigned slots) : slots_(slots == 0 ? 1 : slots) {}

  // Neither begins nor drops anything by itself: may be called from anywhere.
  void add(Task task) { waiting_.push_back(std::move(task)); }
  // For short work that others wait for, or that lets memory go: begun before everything of add().
  void add_short(Task task) { short_.push_back(std::move(task)); }
  void end_one() { --running_; }
  // From now on every task is dropped.
  void cancel() { cancelled_ = true; }

  // Begins as many as there are slots for; drops all if cancelled. Tasks may add others meanwhile.
  void turn();

  bool cancelled() const { return cancelled_; }
  std::size_t waiting() const { return waiting_.size() + short_.size(); }
  std::size_t running() const { return running_; }

 private:
  std::deque<Task> waiting_;
  std::deque<Task> short_;
  std::size_t slots_;
  std::size_t running_ = 0;
  bool cancelled_ = false;
};

}  // namespace splitstrip
