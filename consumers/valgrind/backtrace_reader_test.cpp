#include "consumers/valgrind/backtrace_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view stacks = R"(**18** splitstrip: stack
==18==    at 0x10920B: ask_from (in /usr/libexec/probe)
==18==    by 0x800001150: assemble (fixtures/lib.c:23)
==18==    by 0x80000122F: inner (fixtures/lib.c:33)
==18==    by 0x80000122F: outer (fixtures/lib.c:40)
==18==    by 0x80000130F: ??? (in /run/stage/lib/libm.so)
**18** splitstrip: stack
==18==    at 0x10920B: ask_from (in /usr/libexec/probe)
==18==    by 0x800001300: other (in /lib/libc.so.6)
)";

QueryEnd read(std::string_view text, TestSink& facts) {
  BacktraceReader reader("backtrace", "/run/stage", 0x800000000);
  reader.read(text, facts);
  return reader.finish({}, facts).at(0);
}

TEST(BacktraceReader, tells_frames_by_their_place_in_the_library) {
  TestSink facts;
  const auto end = read(std::string(stacks) + "**18** splitstrip: end\n", facts);
  EXPECT_EQ(end.how, QueryEnd::How::answered);
  EXPECT_THAT(facts.list,
              ElementsAre(TestFact{"backtrace", "top 0x1150", "assemble (fixtures/lib.c:23)"},
                          TestFact{"backtrace", "0x1230", "inner (fixtures/lib.c:33)"},
                          TestFact{"backtrace", "0x1230 #1", "outer (fixtures/lib.c:40)"},
                          TestFact{"backtrace", "0x1310", "??? (in $ROOT/lib/libm.so)"},
                          TestFact{"backtrace", "top 0x1300", "other (in libc.so.6)"}));
}

TEST(BacktraceReader, fails_where_the_end_is_missing_and_says_what_the_probe_said) {
  TestSink facts;
  EXPECT_EQ(read(stacks, facts).how, QueryEnd::How::failed);
  EXPECT_THAT(read("**1** splitstrip: failed: no room\n", facts).reason, HasSubstr("no room"));
  EXPECT_EQ(read("**1** splitstrip: unavailable: another machine\n", facts).how,
            QueryEnd::How::unavailable);
}

}  // namespace
}  // namespace splitstrip
