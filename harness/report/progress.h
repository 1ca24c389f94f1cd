// Says how far a run has come, while it runs.
//
// On a terminal one line, redrawn in place:
//   23/182 cells, 61 runs  0:41  gdb static libc.so.6 12 s, abidiff abi-diff libdb-5.3.so 31 s
// elsewhere a plain line for each finished run, few enough not to fill a log:
//   23/182 cells, 61 runs  gdb static libc.so.6 typedata: 12.3 s
//
// Runs that have ended are counted as well, since a cell is judged only when the last of its runs
// has: in a short check nearly all cells come at the end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "report/style.h"

namespace splitstrip {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;
  using Write = std::function<void(std::string_view)>;
  using Now = std::function<Clock::time_point()>;

  // Writes to standard error's file descriptor, or wherever `write` puts it.
  Progress(TerminalStyle style, Write write, Now now = Clock::now);
  // As finish().
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `cells` will be judged. To be called before the first run, and again if that changes.
  void expect(std::uint64_t cells) { expected_ = cells; }

  // A run began; `what` names it in words and stays one line. Returns the number to end it by.
  std::uint64_t started(std::string what);
  // `note` is empty, or what went wrong, in words.
  void ended(std::uint64_t run, std::string_view note = {});
  // `cells` more have their outcome.
  void judged(std::uint64_t cells = 1) { judged_ += cells; }

  // Redraws; to be called a few times a second. Does nothing where there is no terminal.
  void tick();
  // A line of its own for something that must be said now; the progress stays below it.
  void say(std::string_view line);
  // Takes the line off the terminal, or says how many runs had no line of their own.
  void finish();

  // Plain lines are written for the first runs, then only for those that failed, one for each
  // tenth part of the cells, and one each half a minute.
  static constexpr std::uint64_t first_plain_lines = 20;

 private:
  struct Running {
    std::string what;
    Clock::time_point since;
  };

  std::string head() const;
  void erase();

  TerminalStyle style_;
  Write write_;
  Now now_;
  Clock::time_point begin_;
  std::map<std::uint64_t, Running> running_;  // by number, so the oldest comes first
  std::uint64_t next_ = 0;
  std::uint64_t expected_ = 0;
  std::uint64_t judged_ = 0;
  std::uint64_t ended_ = 0;
  std::uint64_t plain_lines_ = 0;
  std::uint64_t silent_ = 0;
  std::uint64_t last_tenth_ = 0;
  Clock::time_point last_line_;
  bool drawn_ = false;
};

// Writes all of a text to a file descriptor; what cannot be written is lost, as it should be for
// progress: nobody reads it.
Progress::Write write_to(int fd);

}  // namespace splitstrip
