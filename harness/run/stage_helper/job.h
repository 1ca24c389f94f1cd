// The job that the harness wrote for this process; see run/job_record.h for the order.
#pragma once

#include <cstddef>
#include <cstdint>

#include "run/stage_helper/buffer.h"

namespace splitstrip::stage_helper {

struct Mount {
  const char* source = nullptr;
  const char* target = nullptr;
  bool read_only = false;
};

// Null-terminated, as execve(2) wants them.
using Strings = Buffer<char*>;

struct Program {
  Strings argv;
  Strings environment;
};

// All pointers lead into `text`.
struct Job {
  Buffer<char> text;
  bool isolate = false;
  Buffer<Mount> mounts;
  const char* working_directory = nullptr;
  const char* standard_input = nullptr;
  bool facts_channel = false;       // else descriptor 3 is closed in the command
  bool errors_are_answers = false;  // the companion must not write to standard error
  std::uint64_t core_bytes = 0;     // RLIMIT_CORE
  std::uint64_t file_bytes = 0;     // RLIMIT_FSIZE
  std::uint64_t memory_bytes = 0;   // RLIMIT_AS; 0: unlimited
  Program command;
  bool has_companion = false;
  Program companion;
  const char* ready_line = nullptr;
};

// Reads a job from `descriptor`. False if it cannot be read or makes no sense.
bool read_job(int descriptor, Job& job);

// The strings of `arguments` with every "{pid}" replaced by `pid`. Never freed: they live as long
// as this process.
void replace_pid(Strings& arguments, int pid);

}  // namespace splitstrip::stage_helper
