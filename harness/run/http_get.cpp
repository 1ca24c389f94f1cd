#include "run/http_get.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "facts/error.h"
#include "run/file_descriptor.h"

namespace splitstrip {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t longest_header = std::size_t{64} << 10;

class Connection {
 public:
  Connection(unsigned port, std::chrono::milliseconds timeout)
      : port_(port), timeout_(timeout), deadline_(clock::now() + timeout) {
    socket_ = FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      return;
    if (errno != EINPROGRESS) fail(std::strerror(errno));
    wait(POLLOUT);
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) fail(std::strerror(error));
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      wait(POLLOUT);
      const ssize_t sent = send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) fail(std::strerror(errno));
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // Some bytes; none at the end.
  std::string_view read() {
    while (true) {
      wait(POLLIN);
      const ssize_t got = recv(socket_.get(), buffer_, sizeof buffer_, 0);
      if (got >= 0) return {buffer_, static_cast<std::size_t>(got)};
      if (errno != EAGAIN && errno != EINTR) fail(std::strerror(errno));
    }
  }

  [[noreturn]] void fail(std::string_view why) const {
    throw Error::of("the server at port {}: {}", port_, why);
  }

 private:
  void wait(short what) const {
    while (true) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - clock::now()).count();
      if (left <= 0)
        fail(fmt::format("no answer within {:.0f} s",
                         std::chrono::duration<double>(timeout_).count()));
      pollfd watched{socket_.get(), what, 0};
      if (poll(&watched, 1, static_cast<int>(std::min<long long>(left, 60'000))) > 0) return;
    }
  }

  unsigned port_;
  std::chrono::milliseconds timeout_;
  clock::time_point deadline_;
  FileDescriptor socket_;
  char buffer_[1 << 16];
};

// "HTTP/1.1 200 OK" as 200.
std::optional<int> status_of(std::string_view header) {
  const auto space = header.find(' ');
  if (!header.starts_with("HTTP/1.") || space == std::string_view::npos) return std::nullopt;
  header.remove_prefix(space + 1);
  int status = 0;
  const auto end = std::from_chars(header.data(),
                                   header.data() + std::min<std::size_t>(3, header.size()), status);
  if (end.ec != std::errc{} || status < 100) return std::nullopt;
  return status;
}

}  // namespace

int http_get(unsigned port, const std::string& path, std::chrono::milliseconds timeout,
             const std::function<void(std::string_view)>& body) {
  Connection connection(port, timeout);
  connection.write(
      fmt::format("GET {} HTTP/1.0\r\nHost: 127.0.0.1\r\nUser-Agent: splitstrip\r\n"
                  "Connection: close\r\n\r\n",
                  path));
  constexpr std::string_view end_of_header = "\r\n\r\n";
  std::string header;
  auto end = std::string::npos;
  while (end == std::string::npos) {
    const auto piece = connection.read();
    if (piece.empty()) connection.fail("closed the connection instead of answering");
    header += piece;
    end = header.find(end_of_header);
    if (end == std::string::npos && header.size() > longest_header)
      connection.fail("sends no end of its header");
  }
  const auto status = status_of(header);
  if (!status) connection.fail("does not answer in HTTP");
  body(std::string_view(header).substr(end + end_of_header.size()));
  for (auto piece = connection.read(); !piece.empty(); piece = connection.read()) body(piece);
  return *status;
}

}  // namespace splitstrip
