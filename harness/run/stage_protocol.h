// What the harness and its helper process `splitstrip-stage` say to each other.
//
// The helper stands between the harness and every command, because only a process between can do
// all of this: make a mount namespace for one command, adopt and end whatever the command leaves
// behind, read the command's rusage, and outlive a harness that was killed for just long enough to
// kill the rest.
//
// Descriptors of the helper:
//   0  control socket: single bytes to the helper (`stop_gently`, `stop_at_once`), one Report back.
//      Its end means that the harness is gone: the helper ends everything at once.
//   1, 2, 3  standard output, standard error and facts channel of the command
//   4  the job: a sequence of NUL-terminated strings in the order that run/job_record.h writes
//
// Both sides come out of one build; nothing here is stable.
#pragma once

#include <cstdint>

namespace splitstrip::stage_protocol {

inline constexpr int control_descriptor = 0;
inline constexpr int facts_descriptor = 3;
inline constexpr int job_descriptor = 4;

// The first string of a job; its last number changes with the order of the strings.
inline constexpr const char* job_magic = "splitstrip-stage job 1";

inline constexpr char stop_gently = 't';   // SIGTERM, `mercy_milliseconds`, SIGKILL
inline constexpr char stop_at_once = 'k';  // SIGKILL

inline constexpr int mercy_milliseconds = 500;
// How long the helper waits for processes to go after SIGKILL before it reports survivors.
inline constexpr int kill_milliseconds = 2000;

// Where the way to a running command ended.
enum class Step : std::uint32_t {
  none,
  job,                // the job's strings make no sense
  namespaces,         // unshare(2)
  user_map,           // /proc/self/{setgroups,uid_map,gid_map}
  private_mounts,     // mount(2), MS_PRIVATE
  bind,               // mount(2), MS_BIND; `code` is the index of the mount
  read_only,          // mount(2), MS_REMOUNT; `code` is the index of the mount
  processes,          // pipe(2), signalfd(2), fork(2)
  limits,             // setrlimit(2)
  working_directory,  // chdir(2)
  standard_input,     // open(2)
  companion_execute,  // execve(2) of the companion
  companion_ended,    // before it was ready; `code` is its wait status
  companion_waited,   // stopped while the companion was not ready yet
  execute,            // execve(2) of the command
};

struct Report {
  static constexpr std::uint32_t right_magic = 0x53544752;

  std::uint32_t magic = right_magic;
  Step step = Step::none;              // none: the command ran, and `code` is its wait status
  std::int32_t code = 0;               // see Step
  std::int32_t error = 0;              // errno of the step that failed
  std::uint32_t stopped = 0;           // 1: the command was still running when it was told to stop
  std::uint32_t survivors = 0;         // processes that SIGKILL did not end
  std::uint64_t cpu_microseconds = 0;  // user + system, of all but the companion
  std::uint64_t peak_rss_bytes = 0;    // of the command and the children it waited for
};

}  // namespace splitstrip::stage_protocol
