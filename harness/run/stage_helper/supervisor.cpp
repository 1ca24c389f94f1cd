#include "run/stage_helper/supervisor.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace splitstrip::stage_helper {
namespace {

using stage_protocol::Step;

std::int64_t now_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

std::uint64_t microseconds(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(time.tv_usec);
}

}  // namespace

stage_protocol::Report Supervisor::run() {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  children_ = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (children_ < 0) {
    fail({Step::processes, 0, errno});
    return report_;
  }
  if (start_companion() && start_command()) {
    while (!command_ended_ && stop_ == Stop::none) wait(-1);
    if (!command_ended_) report_.stopped = 1;
    if (!command_ended_ && stop_ == Stop::gently) end_gently();
  }
  end_all();
  return report_;
}

bool Supervisor::start_companion() {
  if (!job_.has_companion) return true;
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) {
    fail({Step::processes, 0, errno});
    return false;
  }
  companion_output_ = pipe[0];
  fcntl(companion_output_, F_SETFL, O_NONBLOCK);
  Wiring wiring;
  wiring.output = pipe[1];
  wiring.errors = job_.errors_are_answers ? -1 : STDERR_FILENO;
  Failure failure;
  companion_ = start(job_, job_.companion, wiring, Step::companion_execute, failure);
  close(pipe[1]);
  if (companion_ == 0) {
    fail(failure);
    return false;
  }
  while (!companion_ready_ && !companion_ended_ && stop_ == Stop::none) wait(-1);
  if (companion_ready_) {
    replace_pid(job_.command.argv, companion_);
    return true;
  }
  fail(companion_ended_ ? Failure{Step::companion_ended, companion_status_, 0}
                        : Failure{Step::companion_waited, 0, 0});
  if (stop_ != Stop::none) report_.stopped = 1;
  return false;
}

bool Supervisor::start_command() {
  Wiring wiring;
  wiring.input = job_.standard_input;
  wiring.output = STDOUT_FILENO;
  wiring.errors = STDERR_FILENO;
  wiring.facts = job_.facts_channel ? stage_protocol::facts_descriptor : -1;
  Failure failure;
  command_ = start(job_, job_.command, wiring, Step::execute, failure);
  if (command_ == 0) fail(failure);
  return command_ != 0;
}

void Supervisor::fail(const Failure& failure) {
  report_.step = failure.step;
  report_.code = failure.code;
  report_.error = failure.error;
}

void Supervisor::wait(int milliseconds) {
  pollfd watched[] = {
      {control_, POLLIN, 0}, {children_, POLLIN, 0}, {companion_output_, POLLIN, 0}};
  if (poll(watched, 3, milliseconds) <= 0) return;
  if (watched[0].revents != 0) take_orders();
  // Before the companion's death, so that a ready line written right before it is seen.
  if (watched[2].revents != 0) read_companion();
  if (watched[1].revents != 0) reap();
}

void Supervisor::take_orders() {
  char order = 0;
  const ssize_t got = recv(control_, &order, 1, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {  // the harness is gone
    control_ = -1;
    stop_ = Stop::at_once;
  } else if (order == stage_protocol::stop_at_once) {
    stop_ = Stop::at_once;
  } else if (stop_ == Stop::none) {
    stop_ = Stop::gently;
  }
}

void Supervisor::read_companion() {
  char bytes[4096];
  const ssize_t got = read(companion_output_, bytes, sizeof bytes);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    close(companion_output_);
    companion_output_ = -1;
    return;
  }
  const std::size_t wanted = std::strlen(job_.ready_line);
  for (ssize_t i = 0; i < got && !companion_ready_; ++i) {
    if (bytes[i] != '\n') {
      if (companion_line_.size() <= wanted) companion_line_.add(bytes[i]);
      continue;
    }
    companion_ready_ = companion_line_.size() == wanted &&
                       std::memcmp(companion_line_.data(), job_.ready_line, wanted) == 0;
    companion_line_.clear();
  }
}

void Supervisor::reap() {
  signalfd_siginfo info;
  while (read(children_, &info, sizeof info) > 0) {
  }
  while (true) {
    int status = 0;
    rusage usage{};
    const pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid <= 0) {
      any_child_ = pid == 0;
      return;
    }
    if (pid == companion_) {
      companion_ended_ = true;
      companion_status_ = status;
      continue;
    }
    // Also of the orphans that the command left to us.
    report_.cpu_microseconds += microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    if (pid == command_) {
      command_ended_ = true;
      report_.code = status;
      report_.peak_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    }
  }
}

void Supervisor::end_gently() {
  signal_descendants(SIGTERM);
  signal_descendants(SIGCONT);  // a stopped process would not see it
  const std::int64_t end = now_milliseconds() + stage_protocol::mercy_milliseconds;
  while (!command_ended_ && stop_ != Stop::at_once) {
    const std::int64_t left = end - now_milliseconds();
    if (left <= 0) return;
    wait(static_cast<int>(left));
  }
}

void Supervisor::end_all() {
  const std::int64_t end = now_milliseconds() + stage_protocol::kill_milliseconds;
  if (companion_ != 0 && !companion_ended_) kill(companion_, SIGKILL);
  if (command_ != 0 && !command_ended_) kill(command_, SIGKILL);
  reap();
  // Each round meets those that were forked, or became our children, since the round before.
  while (any_child_) {
    const unsigned left = signal_descendants(SIGKILL);
    if (now_milliseconds() > end) {
      report_.survivors = left;
      return;
    }
    wait(2);
    reap();
  }
}

}  // namespace splitstrip::stage_helper
