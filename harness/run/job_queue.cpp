#include "run/job_queue.h"

namespace splitstrip {

void JobQueue::turn() {
  while (!waiting_.empty() && (cancelled_ || running_ < slots_)) {
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    if (cancelled_) {
      task.drop();
    } else {
      ++running_;
      task.begin();
    }
  }
}

}  // namespace splitstrip
