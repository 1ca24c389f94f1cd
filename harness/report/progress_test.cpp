#include "report/progress.h"

#include <algorithm>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/text.h"

namespace splitstrip {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

// A progress with a clock that the test turns.
struct Watched {
  explicit Watched(TerminalStyle style)
      : progress(
            style, [this](std::string_view text) { written += text; }, [this] { return time; }) {}
  void wait(int milliseconds) { time += std::chrono::milliseconds(milliseconds); }
  std::string take() { return std::exchange(written, {}); }

  std::string written;
  Progress::Clock::time_point time;
  Progress progress;
};

TEST(Progress, one_line_on_a_terminal_redrawn_in_place) {
  Watched watched({.terminal = true, .colour = true, .utf8 = true, .width = 100});
  watched.progress.expect(182);
  const auto first = watched.progress.started("gdb static libc.so.6");
  watched.wait(65'400);
  watched.progress.started("abidiff abi-diff libdb-5.3.so");
  watched.progress.judged(3);
  watched.progress.tick();
  EXPECT_EQ(watched.take(),
            "\r3/182 cells, 0 runs  1:05  gdb static libc.so.6 65 s, abidiff abi-diff "
            "libdb-5.3.so\x1b[K");
  watched.progress.ended(first);
  EXPECT_EQ(watched.take(), "") << "only tick() draws";
  watched.progress.finish();
  EXPECT_EQ(watched.take(), "\r\x1b[K");
}

TEST(Progress, the_line_never_wraps_and_holds_no_control_characters) {
  Watched watched({.terminal = true, .colour = false, .utf8 = false, .width = 40});
  watched.progress.expect(9);
  watched.progress.started("gdb \x1b[2J on a library with a very long name indeed");
  watched.progress.tick();
  const auto line = watched.take();
  EXPECT_THAT(line, HasSubstr("...\x1b[K"));
  EXPECT_THAT(line, Not(HasSubstr("\x1b[2J")));
  EXPECT_EQ(columns(line.substr(1, line.size() - 4)), 39U);
}

TEST(Progress, what_is_said_stands_above_the_line) {
  Watched watched({.terminal = true, .colour = false, .utf8 = false, .width = 40});
  watched.progress.tick();
  watched.take();
  watched.progress.say("interrupted");
  EXPECT_EQ(watched.take(), "\r\x1b[Kinterrupted\n\r0/0 cells, 0 runs  0:00\x1b[K");
}

TEST(Progress, plain_lines_without_a_terminal_and_not_too_many) {
  Watched watched({});
  watched.progress.expect(1000);
  for (int i = 0; i < 1000; ++i) {
    const auto run = watched.progress.started("gdb static libc.so.6");
    watched.wait(150);
    watched.progress.judged();
    watched.progress.tick();
    watched.progress.ended(run, i == 777 ? "killed by SIGSEGV" : "");
  }
  watched.progress.finish();
  const auto text = watched.take();
  EXPECT_THAT(text, testing::StartsWith("1/1,000 cells, 1 run  gdb static libc.so.6: 0.1 s\n"));
  EXPECT_THAT(text, HasSubstr("778/1,000 cells, 778 runs  gdb static libc.so.6: 0.1 s, killed by"));
  EXPECT_THAT(text, HasSubstr("\n1,000/1,000 cells, 1,000 runs  gdb static libc.so.6: 0.1 s\n"));
  EXPECT_THAT(text, EndsWith("runs without a line of their own)\n"));
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 40);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace splitstrip
