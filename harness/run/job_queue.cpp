#include "run/job_queue.h"

namespace splitstrip {

void JobQueue::turn() {
  while (waiting() != 0 && (cancelled_ || running_ < slots_)) {
    auto& queue = short_.empty() ? waiting_ : short_;
    Task task = std::move(queue.front());
    queue.pop_front();
    if (cancelled_) {
      task.drop();
    } else {
      ++running_;
      task.begin();
    }
  }
}

}  // namespace splitstrip
