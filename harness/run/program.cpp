#include "run/program.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::size_t output_limit = std::size_t{1} << 20;
constexpr std::size_t errors_limit = std::size_t{64} << 10;

struct Pipe {
  int read = -1;
  int write = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error::of("pipe: {}; close programs or raise `ulimit -n`", std::strerror(errno));
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int take_read() { return std::exchange(read, -1); }
};

// This process's environment but for the language and debuginfod.
std::vector<std::string> child_environment() {
  std::vector<std::string> result;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (text.starts_with("LC_") || text.starts_with("LANG") || text.starts_with("DEBUGINFOD_"))
      continue;
    result.emplace_back(text);
  }
  result.emplace_back("LC_ALL=C");
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& s : strings) result.push_back(s.data());
  result.push_back(nullptr);
  return result;
}

// Appends what can be read now, up to the limit; the rest is read and dropped. False at the end.
bool drain(int fd, std::string& into, std::size_t limit) {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  into.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit - into.size()));
  return got > 0;
}

class SpawnSetup {
 public:
  SpawnSetup(int output, int errors, const std::filesystem::path& directory) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, 1);
    posix_spawn_file_actions_adddup2(&actions_, errors, 2);
    if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  ~SpawnSetup() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

std::string ProgramEnd::reason() const {
  const std::string first = errors.substr(0, errors.find('\n'));
  if (!first.empty()) return first;
  return signal != 0 ? fmt::format("killed by signal {}", signal)
                     : fmt::format("exit status {}", status);
}

Program Program::start(std::vector<std::string> argv, const std::string& package,
                       const std::filesystem::path& directory) {
  Program program;
  program.name_ = argv.front();
  Pipe output;
  Pipe errors;
  const SpawnSetup setup(output.write, errors.write, directory);
  std::vector<std::string> environment = child_environment();
  const int failure =
      posix_spawnp(&program.pid_, argv.front().c_str(), setup.actions(), setup.attributes(),
                   pointers(argv).data(), pointers(environment).data());
  if (failure != 0) {
    program.pid_ = -1;
    // EACCES also comes of a directory in PATH that this user may not enter.
    const bool missing = failure == ENOENT || (failure == EACCES && !program_exists(program.name_));
    if (missing && !package.empty())
      throw Error::of("{}: not found; install package {}", program.name_, package);
    throw Error::of("{}: cannot be started: {}", program.name_, std::strerror(failure));
  }
  program.output_ = output.take_read();
  program.errors_ = errors.take_read();
  return program;
}

Program::Program(Program&& other) noexcept
    : name_(std::move(other.name_)),
      pid_(std::exchange(other.pid_, -1)),
      output_(std::exchange(other.output_, -1)),
      errors_(std::exchange(other.errors_, -1)) {}

Program::~Program() {
  kill_and_reap();
  if (output_ >= 0) ::close(output_);
  if (errors_ >= 0) ::close(errors_);
}

void Program::kill_and_reap() noexcept {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

ProgramEnd Program::wait(std::chrono::milliseconds timeout) {
  using clock = std::chrono::steady_clock;
  const clock::time_point deadline = clock::now() + timeout;
  // A child of the program may keep the pipes open for longer than it lives: its own end counts.
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (process < 0) throw Error::of("{}: cannot be waited for: {}", name_, std::strerror(errno));
  const std::unique_ptr<const int, void (*)(const int*)> close_it(
      &process, [](const int* fd) { ::close(*fd); });
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
  ::fcntl(errors_, F_SETFL, O_NONBLOCK);

  ProgramEnd end;
  std::array<pollfd, 3> watched{{{output_, POLLIN, 0}, {errors_, POLLIN, 0}, {process, POLLIN, 0}}};
  while ((watched[2].revents & POLLIN) == 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now()).count();
    if (left <= 0) {
      kill_and_reap();
      throw Error::of("{}: still running after {} s, so it was killed; check its input by hand",
                      name_, std::chrono::duration_cast<std::chrono::seconds>(timeout).count());
    }
    if (::poll(watched.data(), watched.size(), static_cast<int>(std::min<long long>(left, 60000))) <
        0)
      continue;
    if (watched[0].revents != 0 && !drain(output_, end.output, output_limit)) watched[0].fd = -1;
    if (watched[1].revents != 0 && !drain(errors_, end.errors, errors_limit)) watched[1].fd = -1;
  }
  // What it wrote last, just before its end.
  for (const auto& [fd, into, limit] :
       {std::tuple{output_, &end.output, output_limit}, {errors_, &end.errors, errors_limit}}) {
    pollfd now{fd, POLLIN, 0};
    while (::poll(&now, 1, 0) > 0 && drain(fd, *into, limit) && (now.revents & POLLIN) != 0) {
    }
  }

  // Not reaped yet, so the group's number cannot be another's.
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status)) end.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  return end;
}

bool program_exists(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  while (true) {
    const std::size_t colon = rest.find(':');
    const std::string candidate = fmt::format("{}/{}", rest.substr(0, colon), name);
    if (::access(candidate.c_str(), X_OK) == 0) return true;
    if (colon == std::string_view::npos) return false;
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace splitstrip
