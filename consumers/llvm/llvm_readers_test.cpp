#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/llvm/dwarfdump_readers.h"
#include "consumers/llvm/symbolizer_reader.h"
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

TEST(SymbolizerReader, tells_inline_chains_and_variables) {
  SymbolizerReader reader("q", 2);
  const auto answer = read(
      reader,
      R"({"Address":"0x33c5","ModuleName":"x","Symbol":[{"Column":38,"Discriminator":2,"FileName":"lib.cpp","FunctionName":"step","Line":85,"StartAddress":"","StartFileName":"lib.cpp","StartLine":83},{"Column":0,"Discriminator":0,"FileName":"lib.cpp","FunctionName":"walk","Line":77,"StartFileName":"","StartLine":71}]}
{"Address":"0x33a0","Frame":[{"DeclFile":"lib.cpp","DeclLine":71,"FrameOffset":-32,"FunctionName":"walk","Name":"shape","Size":"0x8","TagOffset":""}],"ModuleName":"x"}
)");
  EXPECT_THAT(
      answer.facts.list,
      ElementsAre(TestFact{"q", "0x33c5",
                           "step at lib.cpp:85:38 discriminator 2 since lib.cpp:83 < "
                           "walk at lib.cpp:77 since :71"},
                  TestFact{"q", "0x33a0 walk shape", "0x8 bytes, lib.cpp:71, frame offset -32"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered) << answer.end.reason;
}

TEST(SymbolizerReader, what_it_does_not_know_is_no_fact) {
  SymbolizerReader reader("q", 2);
  const auto answer = read(
      reader,
      R"({"Address":"0x9","Symbol":[{"Column":0,"FileName":"","FunctionName":"","Line":0,"StartLine":0}]}
{"Address":"0x33a0","Frame":[]}
)");
  EXPECT_THAT(answer.facts.list, IsEmpty());
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered);
}

TEST(SymbolizerReader, too_few_answers_and_other_texts_are_failures) {
  SymbolizerReader few("q", 2);
  EXPECT_THAT(read(few, "{\"Address\":\"0x9\",\"Symbol\":[]}\n").end.reason,
              HasSubstr("1 of 2 questions"));
  for (const auto* text : {"hello\n", "[]\n", "{}\n", "{\"Address\":7.5\n",
                           "{\"Address\":\"0x1\",\"Error\":{\"Message\":\"no\"}}\n"}) {
    SymbolizerReader reader("q", 0);
    EXPECT_EQ(read(reader, text).end.how, QueryEnd::How::failed) << text;
  }
  SymbolizerReader odd("q", 1);
  EXPECT_THAT(
      read(odd, "{\"Address\":\"0x1\",\"Symbol\":[7,null,[{}],{\"Line\":{}}]}\n").facts.list,
      IsEmpty());
}

TEST(StatisticsReader, tells_counts_and_no_sizes_of_sections) {
  StatisticsReader reader("q");
  EXPECT_THAT(read(reader, R"({"version":9,"file":"/x","format":"elf64","#functions":59,)"
                           R"("#bytes in .debug_info":8227,"#bytes within functions":1251})")
                  .facts.list,
              ElementsAre(TestFact{"q", "#bytes within functions", "1251"},
                          TestFact{"q", "#functions", "59"}));
}

TEST(StatisticsReader, a_missing_file_has_no_statistics_and_anything_else_is_a_failure) {
  StatisticsReader nothing("q");
  EXPECT_EQ(read(nothing, "", 1).end.how, QueryEnd::How::answered);
  StatisticsReader garbage("q");
  EXPECT_EQ(read(garbage, "{\"version\":").end.how, QueryEnd::How::failed);
  StatisticsReader ill("q");
  EXPECT_EQ(read(ill, "", 70).end.how, QueryEnd::How::failed);
}

TEST(VerifyReader, counts_errors_by_section_and_kind) {
  VerifyReader reader("q");
  EXPECT_THAT(
      read(reader,
           "Verifying /x.debug:\tfile format elf64-x86-64\n"
           "Verifying .debug_abbrev...\n"
           "Verifying .debug_line...\n"
           "error: .debug_line[0x00000000].row[5] decreases in address\n"
           "error: .debug_line[0x00000abc].row[6] decreases in address\n"
           "Errors detected.\n",
           1)
          .facts.list,
      ElementsAre(
          TestFact{"q", ".debug_abbrev", "0 errors"}, TestFact{"q", ".debug_line", "2 errors"},
          TestFact{"q", ".debug_line: .debug_line[N].row[N] decreases in address", "2 errors"}));
}

}  // namespace
}  // namespace splitstrip
