#include "consumers/abigail/abi_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/abigail/types_seen.h"
#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Ending exited(int code, std::string errors = {}) {
  Ending ending;
  ending.how = Ending::How::exited;
  ending.code = code;
  ending.errors_tail = std::move(errors);
  return ending;
}

TestSink read(AnswerReader&& reader, std::string_view text, const Ending& ending,
              QueryEnd::How how = QueryEnd::How::answered) {
  TestSink sink;
  for (const char& byte : text) reader.read({&byte, 1}, sink);
  const auto ends = reader.finish(ending, sink);
  EXPECT_EQ(ends.at(0).how, how) << ends.at(0).reason;
  return sink;
}

TEST(AbiReport, each_change_is_a_fact_with_all_its_lines) {
  const auto sink = read(AbiReportReader("abi-break"),
                         R"(Functions changes summary: 1 Removed, 1 Changed, 0 Added function
Variables changes summary: 0 Removed, 1 Changed, 0 Added variable

1 Removed function:

  [D] 'function int gone(int)'    {gone}

1 function with some indirect sub-type change:

  [C] 'function int area(const point*)' at b.c:8:1 has some indirect sub-type changes:
    parameter 1 of type 'const point*' has sub-type changes:
      in pointed to type 'const point':

1 Changed variable:

  [C] 'int counter' was changed to 'long int counter' at b.c:7:1:
    size of symbol changed from 4 to 8

1 Removed function symbol not referenced by debug info:

  [D] gone

)",
                         exited(12));
  EXPECT_THAT(
      sink.list,
      ElementsAre(
          TestFact{"abi-break", "Functions changes summary",
                   "1 Removed, 1 Changed, 0 Added function"},
          TestFact{"abi-break", "Variables changes summary",
                   "0 Removed, 1 Changed, 0 Added variable"},
          TestFact{"abi-break", "[D] function int gone(int)",
                   "Removed function: [D] 'function int gone(int)'    {gone}"},
          TestFact{"abi-break", "[C] function int area(const point*)",
                   "function with some indirect sub-type change: [C] 'function int area(const "
                   "point*)' at b.c:8:1 has some indirect sub-type changes:\n"
                   "  parameter 1 of type 'const point*' has sub-type changes:\n"
                   "    in pointed to type 'const point':"},
          TestFact{"abi-break", "[C] int counter",
                   "Changed variable: [C] 'int counter' was changed to 'long int counter' at "
                   "b.c:7:1:\n  size of symbol changed from 4 to 8"},
          TestFact{"abi-break", "[D] gone",
                   "Removed function symbol not referenced by debug info: "},
          TestFact{"abi-break", "exit status", "12: changes, some incompatible"}));
}

TEST(AbiReport, other_lines_are_facts_too) {
  const auto sink = read(AbiReportReader("q"),
                         "ELF SONAME changed\n'struct point at a.c:3:1' changed:\n  type size "
                         "changed from 1 to 2\n",
                         exited(4));
  EXPECT_THAT(sink.list, ElementsAre(TestFact{"q", "ELF SONAME changed", ""},
                                     TestFact{"q", "'struct point at a.c:3:1' changed:",
                                              "\n  type size changed from 1 to 2"},
                                     TestFact{"q", "exit status", "4: changes"}));
}

TEST(AbiReport, a_report_without_a_change_has_no_facts) {
  EXPECT_THAT(read(AbiReportReader("q"), "", exited(0)).list, IsEmpty());
}

TEST(AbiReport, an_error_is_no_answer_and_says_why) {
  AbiReportReader reader("q");
  TestSink sink;
  const auto ends = reader.finish(exited(1, "... DONE\ncould not read file\n"), sink);
  EXPECT_EQ(ends.at(0).how, QueryEnd::How::failed);
  EXPECT_EQ(ends.at(0).reason, "abidiff: exit status 1 (error): could not read file");
  EXPECT_THAT(abidiff_failure(exited(3)), HasSubstr("usage"));
  EXPECT_EQ(abidiff_failure(exited(4)), "");
  EXPECT_THAT(abidiff_failure(exited(9)), HasSubstr("exit status 9"));
  Ending killed;
  killed.how = Ending::How::timed_out;
  killed.seconds = 120;
  EXPECT_THAT(abidiff_failure(killed), HasSubstr("no end after 120 s"));
}

TEST(AbiReport, an_endless_block_is_cut) {
  AbiReportReader reader("q");
  TestSink sink;
  reader.read("[C] 'int x' changed:\n", sink);
  const std::string line = "  " + std::string(100'000, 'y') + "\n";
  for (int i = 0; i < 50; ++i) reader.read(line, sink);
  reader.finish(exited(4), sink);
  ASSERT_EQ(sink.list.size(), 2U);
  EXPECT_LT(sink.list[0].value.size(), AbiReportReader::longest_block + 100);
  EXPECT_THAT(sink.list[0].value, testing::EndsWith("(5000170 bytes)"));
}

TEST(TypesSeen, types_of_each_side) {
  const auto sink =
      read(TypesSeenReader("abi-diff", "/s/reference/lib/liba.so.1", "/s/lib/liba.so.1"),
           "building die -> parent maps ... DONE@/s/reference/lib/liba.so.1:0s\n"
           "canonicalizing type const char* [2/2536]@/s/reference/lib/liba.so.1 ...DONE:0s\n"
           "canonicalizing type <anonymous range>[14] [27/2536]@/s/lib/liba.so.1 ...DONE:0s\n"
           "canonicalizing type <anonymous range>[14] [28/2536]@/s/lib/liba.so.1 ...DONE:0s\n"
           "canonicalizing type odd [1/2]@/s/lib/liba.so.1 x [3/7]@/s/lib/liba.so.1 ...DONE:0s\n"
           "canonicalizing type lost [1/2]@/elsewhere/liba.so.1 ...DONE:0s\n",
           exited(0));
  EXPECT_THAT(sink.list,
              ElementsAre(TestFact{"abi-diff", "<anonymous range>[14]", "read 2 times"},
                          TestFact{"abi-diff", "odd [1/2]@/s/lib/liba.so.1 x", "read 1 time"},
                          TestFact{"abi-diff", "types read of the reference", "1"},
                          TestFact{"abi-diff", "exit status", "0: no change"}));
}

}  // namespace
}  // namespace splitstrip
