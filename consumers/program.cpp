#include "consumers/program.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_text = 4096;

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

std::string read_until(int fd, Clock::time_point deadline, bool& ended) {
  std::string text;
  std::array<char, most_text> buffer{};
  ended = false;
  while (!ended) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd wait{fd, POLLIN, 0};
    if (left <= 0 || poll(&wait, 1, static_cast<int>(left)) <= 0) break;
    const auto got = read(fd, buffer.data(), buffer.size());
    ended = got <= 0;
    if (got > 0) text.append(buffer.data(), std::min<std::size_t>(got, most_text - text.size()));
  }
  return text;
}

// Next number of `version`, which is moved past it; 0 at the end.
unsigned long next_number(std::string_view& version) {
  unsigned long number = 0;
  const auto [end, error] =
      std::from_chars(version.data(), version.data() + version.size(), number);
  version.remove_prefix(end - version.data());
  if (!version.empty()) version.remove_prefix(1);
  return error == std::errc{} ? number : 0;
}

}  // namespace

std::optional<fs::path> find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (true) {
    const auto colon = rest.find(':');
    const fs::path candidate = fs::path(rest.substr(0, colon)) / name;
    std::error_code none;
    if (candidate.is_absolute() && fs::is_regular_file(candidate, none) &&
        access(candidate.c_str(), X_OK) == 0)
      return candidate;
    if (colon == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(colon + 1);
  }
}

std::string program_says(const std::vector<std::string>& argv, std::chrono::milliseconds timeout) {
  std::array<int, 2> ends{};
  if (argv.empty() || pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);

  FileActions actions;
  posix_spawn_file_actions_addopen(actions.get(), 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(actions.get(), writing.get(), 1);
  posix_spawn_file_actions_adddup2(actions.get(), writing.get(), 2);
  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  if (posix_spawnp(&pid, arguments[0], actions.get(), nullptr, arguments.data(), environ) != 0)
    return {};
  writing.reset();

  bool ended = false;
  std::string text = read_until(reading.get(), Clock::now() + timeout, ended);
  if (!ended) kill(pid, SIGKILL);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return text;
}

std::string version_in(std::string_view text, std::string_view after) {
  const auto found = text.find(after);
  if (found == std::string_view::npos) return {};
  text.remove_prefix(found + after.size());
  const auto begin = text.find_first_of("0123456789");
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin);
  text = text.substr(0, text.find_first_not_of("0123456789."));
  while (text.ends_with('.')) text.remove_suffix(1);
  return std::string(text);
}

bool older(std::string_view version, std::string_view than) {
  while (!version.empty() || !than.empty()) {
    const auto left = next_number(version);
    const auto right = next_number(than);
    if (left != right) return left < right;
  }
  return false;
}

Detection detect_program(const Wanted& wanted) {
  Detection found;
  found.debian_package = wanted.debian_package;
  found.fedora_package = wanted.fedora_package;
  const auto program = find_program(wanted.program);
  if (!program) {
    found.reason = fmt::format("{} is not installed", wanted.program);
    return found;
  }
  found.program = *program;
  found.version =
      version_in(program_says({program->string(), "--version"}), wanted.version_follows);
  if (found.version.empty()) {
    found.reason = fmt::format("{} does not tell its version", program->string());
  } else if (older(found.version, wanted.oldest)) {
    found.reason = fmt::format("{} {} is too old; {} or later is needed", wanted.program,
                               found.version, wanted.oldest);
  } else {
    found.available = true;
  }
  return found;
}

}  // namespace splitstrip
