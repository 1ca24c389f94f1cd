// Runs one command, with its companion, from start to the end of the last process that it left.
#pragma once

#include <cstdint>

#include <sys/types.h>

#include "run/stage_helper/job.h"
#include "run/stage_helper/processes.h"
#include "run/stage_protocol.h"

namespace splitstrip::stage_helper {

class Supervisor {
 public:
  // `control` is the socket to the harness, non-blocking. All signals are blocked already and this
  // process is a subreaper.
  Supervisor(Job& job, int control) : job_(job), control_(control) {}
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Returns when nothing is left to wait for.
  stage_protocol::Report run();

 private:
  enum class Stop { none, gently, at_once };

  bool start_companion();  // true: it is ready, or there is none
  bool start_command();
  void fail(const Failure& failure);
  // Waits until something happens, at most `milliseconds` (-1: for ever), and takes note of it.
  void wait(int milliseconds);
  void take_orders();
  void read_companion();
  void reap();
  void end_gently();
  void end_all();

  Job& job_;
  int control_;
  int children_ = -1;  // signalfd(2) for SIGCHLD
  int companion_output_ = -1;
  Buffer<char> companion_line_;
  bool companion_ready_ = false;
  bool companion_ended_ = false;
  int companion_status_ = 0;
  pid_t companion_ = 0;
  pid_t command_ = 0;
  bool command_ended_ = false;
  bool any_child_ = true;
  Stop stop_ = Stop::none;
  stage_protocol::Report report_;
};

}  // namespace splitstrip::stage_helper
