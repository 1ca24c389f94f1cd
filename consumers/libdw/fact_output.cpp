#include "consumers/libdw/fact_output.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "facts/error.h"
#include "facts/escape.h"

namespace splitstrip {
namespace {

constexpr std::size_t enough = 1 << 18;

}  // namespace

void FactOutput::add(std::string_view query, std::string_view key, std::string_view value) {
  append_escaped(buffer_, query);
  buffer_.push_back('\t');
  append_escaped(buffer_, key);
  buffer_.push_back('\t');
  append_escaped(buffer_, value);
  buffer_.push_back('\n');
  if (buffer_.size() >= enough) flush();
}

void FactOutput::end(std::string_view how, std::string_view query, std::string_view why) {
  buffer_.append(how).push_back('\t');
  append_escaped(buffer_, query);
  if (!why.empty()) {
    buffer_.push_back('\t');
    append_escaped(buffer_, why);
  }
  buffer_.push_back('\n');
  flush();
}

void FactOutput::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      throw Error::of("file descriptor {}: cannot be written: {}; run this as a consumer",
                      descriptor_, std::strerror(errno));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

}  // namespace splitstrip
