// Runs one short-lived program (eu-strip, eu-unstrip) beside the caller's own work and waits for
// it. For consumers, which are many, long, limited and watched, see run/runner.h.
//
//   Program strip = Program::start({"eu-strip", "-f", debug, "-o", main, in});
//   build_something_meanwhile();
//   if (strip.wait().status != 0) ...
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace splitstrip {

struct ProgramEnd {
  int status = -1;     // exit status; -1 if a signal ended it
  int signal = 0;      // that signal
  std::string output;  // standard output, at most the first MiB
  std::string errors;  // standard error, at most the first 64 KiB

  bool ok() const { return status == 0; }
  // How it ended, in words, for an Error: the first line of its standard error, or "exit status 3",
  // or "killed by signal 9".
  std::string reason() const;
};

class Program {
 public:
  // argv[0] is looked up in PATH unless it holds a slash. Its standard input is /dev/null, its
  // language is C, and it is told of no debuginfod server. Throws Error if it cannot be started;
  // where it is not there, the message names `package`. Its working directory is `directory`, or
  // this process's own; it has a session of its own, so it cannot ask at the terminal.
  static Program start(std::vector<std::string> argv, const std::string& package = {},
                       const std::filesystem::path& directory = {});

  Program(Program&& other) noexcept;
  Program& operator=(Program&&) = delete;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  // Kills it, with its children, if it was not waited for.
  ~Program();

  // Call once. After `timeout` it is killed, with its children, and an Error says so. What it left
  // running in its process group is killed as well.
  ProgramEnd wait(std::chrono::milliseconds timeout = std::chrono::minutes(10));

 private:
  Program() = default;
  void kill_and_reap() noexcept;

  std::string name_;
  pid_t pid_ = -1;
  int output_ = -1;
  int errors_ = -1;
};

// Whether a program of that name is in PATH.
bool program_exists(const std::string& name);

}  // namespace splitstrip
