// The job as the helper process gets it: every string that it needs, one after the other.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/command.h"
#include "run/mount.h"

namespace splitstrip {

// Encodes for run/stage_helper/job.h: magic, isolate (0 or 1), mounts (their number; source, target
// and read-only of each), working directory, file of standard input, facts channel wanted, standard
// error carries answers, the limits on cores, files and memory, arguments, environment, companion
// (0 or 1) and, with one, its arguments, environment and ready line. Numbers are decimal, lists
// begin with their length, and a NUL ends each string. Throws Error if a string holds a NUL or the
// command is empty. `mark` goes into the environment of command and companion; see run/marked.h.
std::string encode_job(const Command& command, const Limits& limits, bool isolate,
                       const std::vector<Mount>& mounts, const std::filesystem::path& scratch,
                       const std::string& mark);

}  // namespace splitstrip
