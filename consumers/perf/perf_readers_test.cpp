#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/perf/probe_readers.h"
#include "consumers/perf/sample_reader.h"
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

Read read(AnswerReader& reader, std::string_view text, int code = 0) {
  Read result;
  reader.read(text, result.facts);
  Ending ending;
  ending.how = Ending::How::exited;
  ending.code = code;
  result.end = reader.finish(ending, result.facts).at(0);
  return result;
}

TEST(SampleReader, tells_inline_chains) {
  SampleReader reader("q", "/r/lib/l.so", 2);
  const auto answer = read(reader,
                           "\n"
                           "\t            11e0 announce_below+0x0 (/r/lib/l.so)\n"
                           "  ./lib.c:111\n"
                           "\n"
                           "\n"
                           "\t            1219 a::wait(int)+0x9\n"
                           "  ./lib.c:37 (inlined)\n"
                           "\t            1219 b::wait(b*)+0x9 (/r/lib/l.so)\n"
                           "  ./lib.c:47\n"
                           "\n");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"q", "0x11e0", "announce_below+0x0 at ./lib.c:111"},
                          TestFact{"q", "0x1219",
                                   "a::wait(int) at ./lib.c:37 < b::wait(b*)+0x9 at ./lib.c:47"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered) << answer.end.reason;
}

TEST(SampleReader, what_is_unknown_and_what_lies_below_are_no_facts) {
  SampleReader reader("q", "/r/lib/l.so", 2);
  const auto answer = read(reader,
                           "\n"
                           "\t            1200 [unknown] (/r/lib/l.so)\n"
                           "  l.so[1200]\n"
                           "\n"
                           "\t            1300 f+0x1 (/r/lib/l.so)\n"
                           "  ./lib.c:3\n"
                           "\t            1100 g+0x1 (/r/lib/l.so)\n"
                           "  ./lib.c:5\n"
                           "\n");
  EXPECT_THAT(answer.facts.list, ElementsAre(TestFact{"q", "0x1300", "f+0x1 at ./lib.c:3"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered) << answer.end.reason;
}

TEST(SampleReader, too_few_samples_and_a_failure_are_failures) {
  SampleReader few("q", "/r/lib/l.so", 2);
  EXPECT_THAT(read(few, "\t 1200 f+0x1 (/r/lib/l.so)\n").end.reason, HasSubstr("1 of 2"));
  SampleReader failed("q", "/r/lib/l.so", 0);
  EXPECT_EQ(read(failed, "", 255).end.how, QueryEnd::How::failed);
  SampleReader odd("q", "/r/lib/l.so", 0);
  EXPECT_THAT(read(odd, "nonsense\n\txyz\n  a.c:1\n\t\n (inlined)\n").facts.list, IsEmpty());
}

TEST(ProbeVariablesReader, tells_variables_with_their_ranges) {
  ProbeVariablesReader reader("q");
  EXPECT_THAT(
      read(reader,
           "Available variables at gathered\n"
           "\t@<gathered+0>\n"
           "\t\t[INV]\tint\tanswer\t@<gathered+[68-71]>\n"
           "\t\t[VAL]\tstruct pool*\tpool\t@<gathered+[0-14,14-72]>\n"
           "Available variables at none\n"
           "\t@<none+0>\n"
           "\t\t(No matched variables)\n",
           254)
          .facts.list,
      ElementsAre(TestFact{"q", "gathered @<gathered+0>", "probed"},
                  TestFact{"q", "gathered @<gathered+0> answer", "[INV] int @<gathered+[68-71]>"},
                  TestFact{"q", "gathered @<gathered+0> pool",
                           "[VAL] struct pool* @<gathered+[0-14,14-72]>"},
                  TestFact{"q", "none @<none+0>", "probed"}));
}

TEST(ProbeVariablesReader, survives_what_no_perf_prints) {
  ProbeVariablesReader reader("q");
  EXPECT_THAT(read(reader, "\t\t[VAL]\tint\tearly\n\t@<x+0>\nAvailable variables at \n\t@\n\t\t\n")
                  .facts.list,
              IsEmpty());
}

}  // namespace
}  // namespace splitstrip
