#include "consumers/valgrind/memcheck_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view head = R"(<?xml version="1.0"?>
<valgrindoutput>
<pid>18864</pid>
<status> <state>RUNNING</state> <time>00:00:00:00.142 </time> </status>
)";

constexpr std::string_view use_after_free = R"(<error>
  <unique>0x0</unique>
  <tid>1</tid>
  <kind>InvalidRead</kind>
  <what>Invalid read of size 4</what>
  <stack>
    <frame>
      <ip>0x48532D7</ip> <obj>/run/stage/lib/libm.so</obj> <fn>read_value</fn>
      <dir>./src</dir> <file>lib.c</file> <line>25</line>
    </frame>
    <frame> <ip>0x10922D</ip> <obj>/usr/lib/libc.so.6</obj> </frame>
  </stack>
  <auxwhat>Address 0x4d74c80 is 0 bytes inside a block of size 40 free'd</auxwhat>
  <stack>
    <frame> <ip>0x484417B</ip> <obj>/usr/libexec/valgrind/preload.so</obj> <fn>a&lt;b&gt;</fn> </frame>
  </stack>
  <xauxwhat><text>declared at lib.c:16</text> <file>lib.c</file> <line>16</line> </xauxwhat>
</error>
)";

std::string lost(const char* bytes, int record) {
  return "<error> <unique>0xa</unique> <tid>1</tid> <kind>Leak_DefinitelyLost</kind> <xwhat> "
         "<text>" +
         std::string(bytes) + " bytes in 1 blocks are definitely lost in loss record " +
         std::to_string(record) + " of 2</text> <leakedbytes>8</leakedbytes> </xwhat> </error>\n";
}

std::vector<QueryEnd> read_all(std::string_view text, TestSink& facts, std::size_t piece,
                               const Ending& ending = {}) {
  MemcheckReader reader("memcheck", "/run/stage");
  for (std::size_t at = 0; at < text.size(); at += piece)
    reader.read(text.substr(at, piece), facts);
  return reader.finish(ending, facts);
}

TEST(MemcheckReader, tells_what_where_and_about_which_memory) {
  const std::string text = std::string(head) + std::string(use_after_free) + "</valgrindoutput>\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, text.size()}) {
    TestSink facts;
    const auto ends = read_all(text, facts, piece);
    EXPECT_THAT(
        facts.list,
        ElementsAre(
            TestFact{"memcheck", "error 1 InvalidRead", "Invalid read of size 4"},
            TestFact{"memcheck", "error 1 InvalidRead, stack 1, frame 1",
                     "read_value (./src/lib.c:25) in $ROOT/lib/libm.so"},
            TestFact{"memcheck", "error 1 InvalidRead, stack 1, frame 2", "?? in libc.so.6"},
            TestFact{"memcheck", "error 1 InvalidRead, note 1",
                     "Address 0x... is 0 bytes inside a block of size 40 free'd"},
            TestFact{"memcheck", "error 1 InvalidRead, stack 2, frame 1", "a<b> in preload.so"},
            TestFact{"memcheck", "error 1 InvalidRead, note 2", "declared at lib.c:16"}));
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_EQ(ends[0].how, QueryEnd::How::answered);
  }
}

TEST(MemcheckReader, numbers_leaks_by_what_they_say) {
  TestSink one;
  TestSink other;
  const std::string end = "</valgrindoutput>";
  read_all(std::string(head) + lost("8", 1) + lost("16", 2) + end, one, 64);
  read_all(std::string(head) + lost("16", 1) + lost("8", 2) + end, other, 64);
  EXPECT_EQ(one.list, other.list);
  EXPECT_EQ(one.list.at(0).key, "leak 1 Leak_DefinitelyLost");
  EXPECT_EQ(one.list.at(0).value, "16 bytes in 1 blocks are definitely lost");
}

TEST(MemcheckReader, a_document_that_stops_is_a_failure) {
  TestSink facts;
  Ending killed;
  killed.how = Ending::How::signalled;
  killed.code = 9;
  const auto ends = read_all(std::string(head) + std::string(use_after_free), facts, 64, killed);
  EXPECT_EQ(ends.at(0).how, QueryEnd::How::failed);
  EXPECT_THAT(ends.at(0).reason, HasSubstr("SIGKILL"));
}

TEST(MemcheckReader, broken_xml_is_a_failure) {
  TestSink facts;
  const auto ends = read_all("<valgrindoutput><error><kind></error></valgrindoutput>", facts, 64);
  EXPECT_EQ(ends.at(0).how, QueryEnd::How::failed);
  EXPECT_THAT(ends.at(0).reason, HasSubstr("cannot be read"));
}

TEST(MemcheckReader, an_error_without_end_does_not_fill_the_memory) {
  TestSink facts;
  MemcheckReader reader("memcheck", "/r");
  reader.read("<error>", facts);
  const std::string much(MemcheckReader::longest_error, 'x');
  for (int i = 0; i < 3; ++i) reader.read(much, facts);
  EXPECT_THAT(reader.finish({}, facts).at(0).reason, HasSubstr("without end"));
}

TEST(MemcheckReader, ld_so_without_symbols_makes_it_unavailable) {
  TestSink facts;
  Ending refused;
  refused.how = Ending::How::exited;
  refused.code = 1;
  refused.errors_tail =
      "valgrind:  which is mandatory for this platform-tool combination\n"
      "valgrind:  cannot be set up.  Details of the redirection are:\n";
  const auto ends = read_all(head, facts, 64, refused);
  EXPECT_EQ(ends.at(0).how, QueryEnd::How::unavailable);
  EXPECT_THAT(ends.at(0).reason, HasSubstr("libc6-dbg"));
}

}  // namespace
}  // namespace splitstrip
