#include "consumers/addr2line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Asked = Addr2lineReader::Asked;

struct Read {
  TestSink facts;
  QueryEnd end;
};

Read read(Asked asked, std::size_t addresses, std::string_view text) {
  Read result;
  Addr2lineReader reader("eu-addr2line", "addresses", asked, addresses);
  reader.read(text, result.facts);
  Ending ending;
  ending.how = Ending::How::exited;
  result.end = reader.finish(ending, result.facts).at(0);
  return result;
}

TEST(Addr2lineReader, parts_records_of_different_length) {
  const auto answer = read(Asked::functions, 3,
                           "0x0000000000030783\n"
                           "lock\n"
                           "./src/mutex.c:404:13\n"
                           "0x00000000000307fb\n"
                           "condwait inlined at ./src/mutex.c:416:12 in lock\n"
                           "./src/mutex.c:321:3\n"
                           "lock\n"
                           "./src/mutex.c:416:12\n"
                           "unlock\n"
                           "./src/mutex.c:9\n"
                           "0x0000000000030900\n"
                           "??\n"
                           "??:0\n");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"addresses", "0x30783 function", "lock"},
                          TestFact{"addresses", "0x30783 line", "./src/mutex.c:404:13"},
                          TestFact{"addresses", "0x307fb function",
                                   "condwait inlined at ./src/mutex.c:416:12 in lock"},
                          TestFact{"addresses", "0x307fb line", "./src/mutex.c:321:3"},
                          TestFact{"addresses", "0x307fb inlined",
                                   "lock at ./src/mutex.c:416:12 < unlock at ./src/mutex.c:9"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered) << answer.end.reason;
}

TEST(Addr2lineReader, a_name_without_a_line_is_a_fact_and_nothing_known_is_none) {
  const auto answer = read(Asked::symbols, 3,
                           "0x0000000000001000\nnl_connect+0x12\n??:0\n"
                           "0x0000000000001010\n()+0x1010\n??:0\n"
                           "0x0000000000001020\n()+0x1020\nnl.c:7:1\n");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"addresses", "0x1000 symbol", "nl_connect+0x12"},
                          TestFact{"addresses", "0x1020 line", "nl.c:7:1"}));
}

TEST(Addr2lineReader, reads_32_bit_addresses) {
  const auto answer = read(Asked::symbols, 1, "0x00001000\nmain\na.c:1\n");
  EXPECT_EQ(answer.facts.list.size(), 2U);
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered);
}

TEST(Addr2lineReader, fewer_answers_than_questions_are_a_failure) {
  const auto answer = read(Asked::symbols, 2, "0x0000000000001000\nnl_connect\n??:0\n");
  EXPECT_EQ(answer.end.how, QueryEnd::How::failed);
  EXPECT_THAT(answer.end.reason, HasSubstr("1 of 2 addresses"));
}

TEST(Addr2lineReader, garbage_and_half_records_are_failures) {
  EXPECT_EQ(read(Asked::symbols, 0, "hello\n").end.how, QueryEnd::How::failed);
  const auto half = read(Asked::functions, 1, "0x0000000000001000\nnl_connect\n");
  EXPECT_EQ(half.end.how, QueryEnd::How::failed);
  EXPECT_THAT(half.end.reason, HasSubstr("1 lines for address 0x1000"));
  EXPECT_TRUE(half.facts.list.empty());
}

TEST(Addr2lineReader, a_killed_program_has_not_answered) {
  Addr2lineReader reader("eu-addr2line", "addresses", Asked::symbols, 1);
  TestSink facts;
  reader.read("0x0000000000001000\nnl_connect\n??:0\n", facts);
  Ending ending;
  ending.how = Ending::How::timed_out;
  EXPECT_EQ(reader.finish(ending, facts).at(0).how, QueryEnd::How::failed);
}

}  // namespace
}  // namespace splitstrip
