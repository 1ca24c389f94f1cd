#include "consumers/rr/sources_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Read {
  TestSink facts;
  QueryEnd end;
};

Read read(std::string_view text, int code = 0) {
  Read result;
  SourcesReader reader("sources", "/r");
  reader.read(text, result.facts);
  Ending ending;
  ending.how = Ending::How::exited;
  ending.code = code;
  result.end = reader.finish(ending, result.facts).at(0);
  return result;
}

TEST(SourcesReader, tells_debug_files_and_sources) {
  const auto answer = read(
      R"({"relevant_binaries":["c469"],"comp_dir_substitutions":{},)"
      R"("external_debug_info":[{"path":"/usr/lib/debug/x.debug","build_id":"c469","type":"debuglink"}],)"
      R"("dwos":[{"name":"a.dwo"}],"symlinks":[],"files":{"":["/usr/include/stdio.h"],"/r/src":["a.c"]}})");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"sources", "relevant binaries", "1"},
                          TestFact{"sources", "external debug info", "debuglink"},
                          TestFact{"sources", "dwo a.dwo", "named"},
                          TestFact{"sources", "file /usr/include/stdio.h", "source"},
                          TestFact{"sources", "file $ROOT/src/a.c", "source"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered);
}

TEST(SourcesReader, nothing_found_is_an_answer_and_other_text_a_failure) {
  const auto nothing = read(R"({"relevant_binaries":[],"files":{}})");
  EXPECT_THAT(nothing.facts.list, IsEmpty());
  EXPECT_EQ(nothing.end.how, QueryEnd::How::answered);
  EXPECT_EQ(read("").end.how, QueryEnd::How::failed);
  EXPECT_EQ(read("{", 0).end.how, QueryEnd::How::failed);
  EXPECT_EQ(read("{}", 1).end.how, QueryEnd::How::failed);
  EXPECT_THAT(read(R"({"files":{"a":7,"b":[7]},"dwos":[7],"external_debug_info":"x"})").end.reason,
              IsEmpty());
}

}  // namespace
}  // namespace splitstrip
