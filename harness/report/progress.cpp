#include "report/progress.h"

#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

#include "report/text.h"

namespace splitstrip {
namespace {

constexpr std::size_t default_width = 80;
// Somebody who reads a log must not wait longer for a sign of life.
constexpr auto quiet_time = std::chrono::seconds(30);
// Runs shorter than this need no seconds beside them.
constexpr double noticeable = 1.0;

std::string clock_time(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

double since(Progress::Clock::time_point then, Progress::Clock::time_point now) {
  return std::chrono::duration<double>(now - then).count();
}

}  // namespace

Progress::Progress(TerminalStyle style, Write write, Now now)
    : style_(style), write_(std::move(write)), now_(std::move(now)), begin_(now_()) {}

Progress::~Progress() {
  finish();
}

std::string Progress::head() const {
  return fmt::format("{}/{} cells, {}", grouped(judged_), grouped(expected_),
                     plural(ended_, "run"));
}

void Progress::erase() {
  if (!drawn_) return;
  write_("\r\x1b[K");
  drawn_ = false;
}

std::uint64_t Progress::started(std::string what) {
  running_.emplace(next_, Running{printable(what, !style_.utf8), now_()});
  return next_++;
}

void Progress::ended(std::uint64_t run, std::string_view note) {
  const auto found = running_.find(run);
  if (found == running_.end()) return;
  ++ended_;
  if (!style_.terminal) {
    const auto tenth = expected_ > 0 ? judged_ * 10 / expected_ : 0;
    const auto now = now_();
    if (plain_lines_ < first_plain_lines || !note.empty() || tenth > last_tenth_ ||
        now - last_line_ >= quiet_time) {
      ++plain_lines_;
      last_tenth_ = tenth;
      last_line_ = now;
      write_(fmt::format("{}  {}: {}{}\n", head(), found->second.what,
                         duration(since(found->second.since, now)),
                         note.empty() ? "" : ", " + printable(note, !style_.utf8)));
    } else {
      ++silent_;
    }
  }
  running_.erase(found);
}

void Progress::tick() {
  if (!style_.terminal) return;
  const auto now = now_();
  std::string line = fmt::format("{}  {}", head(), clock_time(since(begin_, now)));
  const char* comma = "  ";
  for (const auto& [number, run] : running_) {
    const auto seconds = since(run.since, now);
    line += comma + run.what;
    if (seconds >= noticeable) line += fmt::format(" {:.0f} s", seconds);
    comma = ", ";
  }
  // The last column stays free: a terminal that wraps there would leave lines behind.
  const auto width = style_.width > 0 ? style_.width : default_width;
  write_("\r" + shorten(line, width - 1, !style_.utf8) + "\x1b[K");
  drawn_ = true;
}

void Progress::say(std::string_view line) {
  const bool redraw = drawn_;
  erase();
  write_(printable(line, !style_.utf8) + "\n");
  if (redraw) tick();
}

void Progress::finish() {
  erase();
  if (silent_ > 0)
    write_(
        fmt::format("{}  (and {} without a line of their own)\n", head(), plural(silent_, "run")));
  silent_ = 0;
}

Progress::Write write_to(int fd) {
  return [fd](std::string_view text) {
    while (!text.empty()) {
      const auto written = ::write(fd, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  };
}

}  // namespace splitstrip
