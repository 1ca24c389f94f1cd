// Starting programs, and ending everything that came of them.
#pragma once

#include <cstdint>

#include <sys/types.h>

#include "run/stage_helper/isolate.h"
#include "run/stage_helper/job.h"

namespace splitstrip::stage_helper {

// Which descriptors a program gets; -1: /dev/null, except for facts, which is closed then.
struct Wiring {
  const char* input = "/dev/null";
  int output = -1;
  int errors = -1;
  int facts = -1;
};

// Starts `program` in a session of its own; it dies with this process. 0 if it could not be
// started, with `failure` saying why; `execute` is the step that a failed execve(2) counts as.
pid_t start(const Job& job, Program& program, const Wiring& wiring, stage_protocol::Step execute,
            Failure& failure);

// Sends `signal` to every descendant of this process, whatever session or group it moved to: since
// this process is their subreaper (prctl(2)), none can leave its tree. Returns how many there were.
unsigned signal_descendants(int signal);

}  // namespace splitstrip::stage_helper
