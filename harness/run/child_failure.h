// Why a command could not be run, in words.
#pragma once

#include <string>

#include "run/stage_protocol.h"

namespace splitstrip {

// One line with a remedy for a report whose step is not `none`.
std::string describe_failure(const stage_protocol::Report& report, const std::string& program,
                             const std::string& companion);

// "exit status 3", "killed by SIGKILL"; `status` as wait(2) gives it.
std::string describe_wait_status(int status);

}  // namespace splitstrip
