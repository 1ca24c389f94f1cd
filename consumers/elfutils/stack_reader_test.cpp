#include "consumers/elfutils/stack_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Read {
  TestSink facts;
  QueryEnd end;
};

Read read(std::string_view text, const Ending& ending) {
  Read result;
  StackReader reader("backtrace", "libcalls.so", "driver");
  reader.read(text, result.facts);
  result.end = reader.finish(ending, result.facts).at(0);
  return result;
}

Ending exited(int code) {
  Ending ending;
  ending.how = Ending::How::exited;
  ending.code = code;
  return ending;
}

constexpr std::string_view two_threads =
    "PID 16114 - process\n"
    "TID 16114:\n"
    "#0  0x00007f8530dfbdd0 __libc_pause - /usr/lib/x86_64-linux-gnu/libc.so.6\n"
    "    [93ac61ec5a]@0x7f8530d28000+0xd3dd0\n"
    "    ../sysdeps/unix/sysv/linux/pause.c:29:10\n"
    "#1  0x00005610999d92da call(int, char - 1) - /r/bin/driver\n"
    "    [02b374b8bc]@0x5610999d8000+0x12d9\n"
    "#2  0x00007f8530f161b0 innermost - /r/bin/../lib/libcalls.so\n"
    "    [9f72c06c2f]@0x7f8530f15000+0x11af\n"
    "    fixtures/calls/lib.c:16:22\n"
    "#3  0x00007f8530f161b0 calls_inlined - /r/bin/../lib/libcalls.so\n"
    "    [9f72c06c2f]@0x7f8530f15000+0x11af\n"
    "    fixtures/calls/lib.c:26:22\n"
    "#4  0x00007f8530f1626d - /r/bin/../lib/libcalls.so\n"
    "    [9f72c06c2f]@0x7f8530f15000+0x126c\n"
    "TID 16120:\n"
    "#0  0x00007f8530f16000 work - libcalls.so\n"
    "    [9f72c06c2f]@0x7f8530f15000+0x1000\n"
    "#1  0x0000000000000000\n";

TEST(StackReader, makes_facts_of_the_frames_of_library_and_driver) {
  const auto answer = read(two_threads, exited(0));
  EXPECT_THAT(
      answer.facts.list,
      ElementsAre(TestFact{"backtrace", "thread 1 frame 1 driver functions", "call(int, char - 1)"},
                  TestFact{"backtrace", "thread 1 frame 2 libcalls.so+0x11af functions",
                           "innermost < calls_inlined"},
                  TestFact{"backtrace", "thread 1 frame 2 libcalls.so+0x11af lines",
                           "fixtures/calls/lib.c:16:22 < fixtures/calls/lib.c:26:22"},
                  TestFact{"backtrace", "thread 2 frame 1 libcalls.so+0x1000 functions", "work"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered) << answer.end.reason;
}

TEST(StackReader, numbers_threads_by_their_frames_and_not_by_their_ids) {
  const std::string_view one =
      "TID 1:\n#0  0x10 a - libcalls.so\n    [aa]@0x0+0x10\n"
      "TID 2:\n#0  0x20 b - libcalls.so\n    [aa]@0x0+0x20\n";
  const std::string_view other =
      "TID 7:\n#0  0x20 b - libcalls.so\n    [aa]@0x0+0x20\n"
      "TID 9:\n#0  0x10 a - libcalls.so\n    [aa]@0x0+0x10\n";
  EXPECT_EQ(read(one, exited(0)).facts.list, read(other, exited(0)).facts.list);
}

TEST(StackReader, keeps_the_numbers_of_frames_when_nothing_is_known_of_them) {
  const auto answer = read(
      "TID 16114:\n"
      "#0  0x00007f8530f161b0 - libcalls.so\n    [9f]@0x7f8530f15000+0x11af\n"
      "#1  0x00005610999d92da main - driver\n    [02]@0x5610999d8000+0x12d9\n",
      exited(1));
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"backtrace", "thread 1 frame 2 driver functions", "main"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered);
}

TEST(StackReader, what_shows_no_frame_of_ours_has_failed) {
  auto ending = exited(2);
  ending.errors_tail = "eu-stack: dwfl_linux_proc_attach pid 7: No such process\nmore";
  const auto answer = read("PID 7 - process\n", ending);
  EXPECT_EQ(answer.end.how, QueryEnd::How::failed);
  EXPECT_THAT(answer.end.reason, HasSubstr("No such process"));
  EXPECT_EQ(read("TID 1:\n#0  0x10 a - libc.so.6\n    [aa]@0x0+0x10\n", exited(0)).end.how,
            QueryEnd::How::failed);
}

TEST(StackReader, a_machine_that_forbids_it_is_no_failure) {
  auto ending = exited(2);
  ending.errors_tail = "eu-stack: dwfl_linux_proc_attach pid 7: Operation not permitted\n";
  EXPECT_EQ(read("", ending).end.how, QueryEnd::How::unavailable);
}

TEST(StackReader, garbage_is_a_failure) {
  for (const auto* text : {"hello\n", "#0  0x10 a - libcalls.so\n", "TID 1:\n#0  zero\n",
                           "TID 1:\n#0  0xzz a - libcalls.so\n"}) {
    const auto answer = read(text, exited(0));
    EXPECT_EQ(answer.end.how, QueryEnd::How::failed) << text;
    EXPECT_THAT(answer.facts.list, IsEmpty());
  }
}

TEST(StackReader, an_endless_backtrace_is_a_failure) {
  std::string text = "TID 1:\n";
  for (int i = 0; i < 300000; ++i) text += "#0  0x10 a - libcalls.so\n";
  EXPECT_EQ(read(text, exited(0)).end.how, QueryEnd::How::failed);
}

}  // namespace
}  // namespace splitstrip
