// What to execute, within which limits, and how it ended. Passive: run/runner.h does the work.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace splitstrip {

// Which stream of the program carries its answers.
enum class Channel {
  standard_output,
  standard_error,
  facts,  // file descriptor 3, which nothing else writes to
};

// A program that runs beside the command, in the same stage: the driver that eu-stack looks at.
// It is started first; once it has printed a line equal to `ready_line` on its standard output, the
// command is started with every "{pid}" in its arguments replaced by the companion's process id.
// It is killed, with its children, when the command ends. If it ends before it is ready, the
// command ends as not_started.
struct Companion {
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string ready_line = "splitstrip: ready";
};

struct Command {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH unless it holds a slash
  std::vector<std::pair<std::string, std::string>>
      environment;                                      // on top of the harness's clean one
  std::optional<std::filesystem::path> standard_input;  // a file; /dev/null otherwise
  std::optional<Companion> companion;
  Channel answers = Channel::standard_output;
  std::filesystem::path working_directory;  // empty: the scratch directory of the run
};

struct Limits {
  std::chrono::milliseconds timeout{
      std::chrono::minutes(5)};  // wall clock, from start to last byte
  // On the answer channel, and as well on each stream that is thrown away: gigabytes of garbage
  // take time, too.
  std::uint64_t answer_bytes = std::uint64_t{2} << 30;
  // setrlimit(2) for the command and its companion.
  std::uint64_t file_bytes = std::uint64_t{4} << 30;  // RLIMIT_FSIZE: the largest file they write
  std::uint64_t core_bytes = 0;                       // RLIMIT_CORE
  std::uint64_t memory_bytes = 0;                     // RLIMIT_AS; 0: no limit
};

// How a command ended. Only `exited` and `signalled` are the program's own doing.
struct Ending {
  enum class How { exited, signalled, timed_out, too_much_output, cancelled, not_started };

  How how = How::not_started;
  int code = 0;            // exit status, or the signal's number
  double seconds = 0;      // wall clock
  double cpu_seconds = 0;  // user + system, of the program and its descendants, not the companion
  std::uint64_t peak_rss_bytes = 0;
  // For not_started: what failed, in words. Otherwise empty, unless there is something to say: that
  // processes could not be killed, or that the time was spent waiting for the companion.
  std::string reason;
  std::string errors_tail;  // the last 4 KiB or so of standard error, for messages
};

}  // namespace splitstrip
