#include "consumers/libffi/say.h"

#include <array>
#include <cerrno>
#include <string>

#include <execinfo.h>
#include <unistd.h>

namespace splitstrip::ffi {
namespace {

void write_all(std::string_view text) {
  const int kept = errno;  // the program's own
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  errno = kept;
}

}  // namespace

void say(std::string_view text) {
  write_all(std::string("ffi-typesafe: ").append(text).append("\n"));
}

void say_backtrace() {
  std::array<void*, 64> frames;
  const int count = backtrace(frames.data(), static_cast<int>(frames.size()));
  write_all("backtrace:\n");
  backtrace_symbols_fd(frames.data(), count, STDERR_FILENO);
}

}  // namespace splitstrip::ffi
