#include "cli/clean_end.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

// Programs are started in process groups of their own (run/program.h), so that Ctrl-C on the
// terminal does not reach them.
void kill_children() {
  std::error_code none;
  for (const auto& task : fs::directory_iterator("/proc/self/task", none)) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) ::kill(-child, SIGKILL);
  }
}

}  // namespace

CleanEnd::CleanEnd(fs::path directory) {
  std::signal(SIGXFSZ, SIG_IGN);
  const sigset_t set = ending_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  if (signals_ < 0 || stop_ < 0)
    throw Error::of("signalfd: {}; close programs or raise `ulimit -n`", std::strerror(errno));
  watcher_ = std::thread([this, directory = std::move(directory)] { watch(directory); });
}

CleanEnd::~CleanEnd() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_, &one, sizeof one);
  watcher_.join();
  ::close(signals_);
  ::close(stop_);
  const sigset_t set = ending_signals();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

void CleanEnd::watch(const fs::path& directory) const {
  std::array<pollfd, 2> watched{{{signals_, POLLIN, 0}, {stop_, POLLIN, 0}}};
  while (true) {
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[1].revents != 0) return;
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info) continue;
    kill_children();
    std::error_code none;
    fs::remove_all(directory, none);
    fmt::print(stderr, "splitstrip: interrupted; nothing was written\n");
    ::_exit(128 + static_cast<int>(info.ssi_signo));
  }
}

}  // namespace splitstrip
