#include "consumers/systemtap/probe_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using ::testing::ElementsAre;

struct Case {
  const char* reason;
  const char* line;
  const char* key;
  const char* value;
};

const Case cases[] = {
    {"a function with DWARF",
     R"(process("/r/lib/l.so").function("nl_connect@./lib/nl.c:97")? /* pc=.dynamic+0x11820 */ $sk:struct nl_sock* $protocol:int)",
     "function nl_connect 0x11820", "./lib/nl.c:97 $sk:struct nl_sock* $protocol:int"},
    {"the same by its symbol alone: same key",
     R"(process("/r/lib/l.so").function("nl_connect")? /* pc=.dynamic+0x11820 */)",
     "function nl_connect 0x11820", "no source line"},
    {"a return",
     R"(process("/r/lib/l.so").function("f@a.c:1").return? /* pc=.dynamic+0x20 */ $return:int)",
     "return f 0x20", "a.c:1 $return:int"},
    {"an inline instance is a function's",
     R"(process("/r/lib/l.so").function("f@a.c:1").inline /* pc=.dynamic+0x20 */)",
     "function f 0x20", "a.c:1"},
    {"a statement without variables",
     R"(process("/r/lib/l.so").statement("f@a.c:3")? /* pc=.dynamic+0x24 */)",
     "statement f@a.c:3 0x24", "no variables"},
    {"an executable's absolute address",
     R"(process("/r/bin/p").function("main@p.c:3") /* pc=0x401136 */ $argc:int)",
     "function main 0x401136", "p.c:3 $argc:int"},
    {"a C++ operator, whose name holds parentheses",
     R"(process("/r/lib/l.so").function("operator()@a.cc:9")? /* pc=.dynamic+0x9 */ $this:struct F* const)",
     "function operator() 0x9", "a.cc:9 $this:struct F* const"},
};

TEST(ProbeList, each_line_is_one_fact) {
  for (const auto& c : cases) {
    SCOPED_TRACE(c.reason);
    TestSink facts;
    ProbeListReader reader("probes");
    reader.read(std::string(c.line) + "\n", facts);
    EXPECT_THAT(facts.list, ElementsAre(TestFact{"probes", c.key, c.value}));
  }
}

Ending ended(std::string errors) {
  Ending ending;
  ending.how = Ending::How::exited;
  ending.code = 1;
  ending.errors_tail = std::move(errors);
  return ending;
}

TEST(ProbeList, nothing_found_is_an_answer) {
  TestSink facts;
  ProbeListReader reader("probes");
  const auto ends = reader.finish(ended("Pass 2: analyzed script: 0 probes, 0 functions\n"), facts);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, QueryEnd::How::answered);
}

TEST(ProbeList, a_stap_that_gave_up_is_a_failure) {
  TestSink facts;
  ProbeListReader reader("probes");
  const auto ends = reader.finish(
      ended("Checking \"/lib/modules/1/build/.config\" failed\nERROR: no such tree\n"), facts);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, QueryEnd::How::failed);
  EXPECT_EQ(ends[0].reason, "ERROR: no such tree");
}

TEST(ProbeList, other_text_is_a_failure) {
  TestSink facts;
  ProbeListReader reader("probes");
  reader.read("Segmentation fault\n", facts);
  const auto ends = reader.finish(ended("Pass 2: analyzed script: 1 probes\n"), facts);
  EXPECT_EQ(ends[0].how, QueryEnd::How::failed);
  EXPECT_NE(ends[0].reason.find("Segmentation fault"), std::string::npos);
}

}  // namespace
}  // namespace splitstrip
