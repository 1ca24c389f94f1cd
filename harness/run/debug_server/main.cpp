// Starts a debuginfod on a free port, waits until it serves what it was given, says so, and stays
// as long as it does:
//
//   splitstrip-debuginfod DIRECTORY SCRATCH BUILD-ID [DEBUG-FILE]
//   ready 43210
//
// The server finds DEBUG-FILE, which lies in DIRECTORY, by BUILD-ID; without one it must know of
// none. What goes wrong is one line on standard error. Run by check/debug_server.h as a service of
// the runner, which ends it and its child whatever happens. Not for use by hand.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts/error.h"
#include "run/debuginfod.h"
#include "run/file_descriptor.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

// debuginfod begins to scan a second after its start; a loaded machine takes longer.
constexpr milliseconds longest_start{30'000};
constexpr milliseconds longest_answer{10'000};
// While it begins a server may be too busy to answer properly.
constexpr milliseconds longest_confusion{3'000};
constexpr milliseconds between_looks{50};
// Ports are given out by the kernel, and one may be taken by somebody else before debuginfod has
// it.
constexpr int most_ports = 5;

struct Order {
  fs::path directory;
  fs::path scratch;
  std::string build_id;
  std::optional<fs::path> debug;
};

unsigned free_port() {
  const FileDescriptor listener(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 any6{};
  any6.sin6_family = AF_INET6;
  sockaddr_in any{};
  any.sin_family = AF_INET;
  const FileDescriptor old(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // Of both kinds of address, as debuginfod listens; of the older one where there is no IPv6.
  const bool both = listener.valid() &&
                    bind(listener.get(), reinterpret_cast<sockaddr*>(&any6), sizeof any6) == 0;
  if (!both && bind(old.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) != 0)
    throw Error::of("no port is free: {}; close some programs", std::strerror(errno));
  sockaddr_in6 got{};
  socklen_t size = sizeof got;
  getsockname(both ? listener.get() : old.get(), reinterpret_cast<sockaddr*>(&got), &size);
  // The port stands in the same place in both.
  return ntohs(got.sin6_port);
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

// One debuginfod; killed with this object.
class Server {
 public:
  Server(const Order& order, unsigned port, bool can_bind)
      : port_(port), log_(order.scratch / "log") {
    std::vector<std::string> words{"debuginfod", "-F", "-t", "0", "-g", "0", "-c", "1"};
    words.push_back(fmt::format("--port={}", port));
    words.push_back("--database=" + (order.scratch / fmt::format("{}.sqlite", port)).string());
    if (can_bind) words.emplace_back("--listen-address=127.0.0.1");
    words.push_back(order.directory.string());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int error = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
      throw Error::of(
          "debuginfod: cannot be started: {}; install debuginfod (Fedora: "
          "elfutils-debuginfod)",
          std::strerror(error));
  }
  ~Server() {
    if (pid_ == 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  unsigned port() const { return port_; }

  bool alive() {
    int status = 0;
    if (pid_ != 0 && waitpid(pid_, &status, WNOHANG) == pid_) pid_ = 0;
    return pid_ != 0;
  }

  void wait() {
    while (pid_ != 0 && waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
  }

  // That it has the port, by its own word: another server may answer there.
  bool has_port() const {
    return text_of(log_).find(fmt::format("port={}", port_)) != std::string::npos;
  }

  std::string last_words() const {
    const auto line = last_line(text_of(log_));
    return line.empty() ? "without a word" : line;
  }

 private:
  unsigned port_;
  fs::path log_;
  pid_t pid_ = 0;
};

// Waits until the server has all that it was given. False if it ended.
bool wait_until_it_serves(Server& server, const Order& order) {
  const auto begun = clock::now();
  std::string reason = "nobody listens";
  std::optional<clock::time_point> confused;
  while (clock::now() - begun < longest_start) {
    std::this_thread::sleep_for(between_looks);
    if (!server.alive()) return false;
    if (!server.has_port()) continue;
    const bool scanned = debuginfod_has_scanned(server.port(), longest_answer);
    const Served served =
        ask_debuginfod(server.port(), order.build_id, order.debug, longest_answer);
    if (served.how == Served::How::wrong) {
      if (!confused) confused = clock::now();
      reason = served.why;
      if (clock::now() - *confused > longest_confusion) break;
      continue;
    }
    // Scanned and still missing: it does not take the file for a debug file, which is an answer.
    if (scanned && server.alive()) return true;
    // A server without metrics is none that could be waited for, but for what it serves.
    reason = "does not come to an end of looking at its files";
    if (served.how == Served::How::right && order.debug && server.alive()) return true;
  }
  throw Error::of("debuginfod: {}; see whether its package is whole", reason);
}

void serve(const Order& order) {
  const auto help = Program::start({"debuginfod", "--help"}, "debuginfod").wait();
  const bool can_bind = help.output.find("--listen-address") != std::string::npos;
  std::string last_words;
  for (int attempt = 0; attempt < most_ports; ++attempt) {
    Server server(order, free_port(), can_bind);
    if (wait_until_it_serves(server, order)) {
      fmt::print("ready {}\n", server.port());
      std::fflush(stdout);
      server.wait();
      throw Error::of("debuginfod: ended while it was needed ({}); start again",
                      server.last_words());
    }
    last_words = server.last_words();
  }
  throw Error::of("debuginfod: does not start ({}); try it by hand", last_words);
}

}  // namespace
}  // namespace splitstrip

int main(int argc, char** argv) {
  using namespace splitstrip;
  if (argc < 4 || argc > 5) {
    fmt::print(stderr, "usage: splitstrip-debuginfod DIRECTORY SCRATCH BUILD-ID [DEBUG-FILE]\n");
    return 2;
  }
  try {
    Order order{argv[1], argv[2], argv[3], {}};
    if (argc == 5) order.debug = argv[4];
    serve(order);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
  }
  return 1;
}
