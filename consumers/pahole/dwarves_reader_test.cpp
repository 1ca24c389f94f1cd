#include "consumers/pahole/dwarves_reader.h"

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

Read read(std::string_view text, int code = 0) {
  Read result;
  DwarvesReader reader("pahole", "types");
  reader.read(text, result.facts);
  Ending ending;
  ending.how = Ending::How::exited;
  ending.code = code;
  result.end = reader.finish(ending, result.facts).at(0);
  return result;
}

TEST(DwarvesReader, parts_records_at_their_places) {
  const auto answer = read(
      "/* Used at: lib.c other.c */\n"
      "/* <26> lib.c:12 */\n"
      "struct point {\n"
      "\tint                        x;                    /*     0     4 */\n"
      "\n"
      "\t/* size: 16, cachelines: 1, members: 2 */\n"
      "};\n"
      "/* Used at: lib.c */\n"
      "/* <d20> ./with space.c:71 */\n"
      "void * work(void * argument);\n"
      "{ /* low_pc=0x1380 */\n"
      "}/* size: 168 */\n");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"types", "lib.c:12 struct point",
                                   "int x; /* 0 4 */ /* size: 16, cachelines: 1, members: 2 */ };"},
                          TestFact{"types", "./with space.c:71 void * work(void * argument);",
                                   "{ /* low_pc=0x1380 */ }/* size: 168 */"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered);
}

TEST(DwarvesReader, leaves_out_numbers_that_nobody_has_set) {
  const auto answer = read(
      "/* <d20> (null):32765 */\n"
      "void f(void);\n"
      "{\n"
      "\tlong unsigned int (null); /* scope: optimized */              // 21934\n"
      "}\n");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"types", "(null) void f(void);",
                                   "{ long unsigned int (null); /* scope: optimized */ }"}));
}

TEST(DwarvesReader, tells_functions_that_units_define_otherwise) {
  const auto answer = read(
      "function: twice\n"
      "first: lib.c\n"
      "current: leaves.c\n"
      "size: 0 != 31\n"
      "\n"
      "/* <d20> lib.c:1 */\n"
      "void f(void);\n");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"types", "several: twice",
                                   "first: lib.c current: leaves.c size: 0 != 31"},
                          TestFact{"types", "lib.c:1 void f(void);", ""}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered) << answer.end.reason;
}

TEST(DwarvesReader, no_dwarf_is_an_answer_and_a_killed_program_is_none) {
  EXPECT_EQ(read("", 1).end.how, QueryEnd::How::answered);
  EXPECT_EQ(read("", 127).end.how, QueryEnd::How::failed);
}

TEST(DwarvesReader, what_belongs_to_no_record_is_a_failure) {
  for (const auto* text : {"struct point {\n", "/* <> lib.c:1 */\n", "/* <12 */\n", "/* < */\n"}) {
    const auto answer = read(text);
    EXPECT_THAT(answer.facts.list, IsEmpty());
    EXPECT_THAT(answer.end.reason, HasSubstr("something else"));
  }
}

}  // namespace
}  // namespace splitstrip
