// A mount namespace for one command.
#pragma once

#include "run/stage_helper/job.h"
#include "run/stage_protocol.h"

namespace splitstrip::stage_helper {

struct Failure {
  stage_protocol::Step step = stage_protocol::Step::none;
  int code = 0;
  int error = 0;
};

// Moves this process to a mount namespace of its own and makes `mounts` there, in order. Where that
// takes a privilege that it has not, the process gets a user namespace as well, in which it is the
// same user and group as before. Nothing of it reaches the machine's own mounts.
Failure isolate(const Buffer<Mount>& mounts);

}  // namespace splitstrip::stage_helper
