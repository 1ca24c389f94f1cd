#include "consumers/bpftrace/listing_reader.h"

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

Read read(std::string_view text, const std::string& errors = "") {
  Read result;
  ListingReader reader("arguments", "/r/lib/l.so");
  reader.read(text, result.facts);
  Ending ending;
  ending.how = Ending::How::exited;
  ending.errors_tail = errors;
  result.end = reader.finish(ending, result.facts).at(0);
  return result;
}

TEST(ListingReader, tells_functions_with_their_arguments) {
  const auto answer = read(
      "uprobe:/r/lib/l.so:_init\n"
      "uprobe:/r/lib/l.so:descend\n"
      "    struct types_tree* tree\n"
      "    int depth\n"
      "uprobe:/r/lib/l.so:last\n");
  EXPECT_THAT(answer.facts.list,
              ElementsAre(TestFact{"arguments", "_init", "()"},
                          TestFact{"arguments", "descend", "(struct types_tree* tree, int depth)"},
                          TestFact{"arguments", "last", "()"}));
  EXPECT_EQ(answer.end.how, QueryEnd::How::answered);
}

TEST(ListingReader, no_root_is_unavailable_and_other_text_a_failure) {
  const auto denied = read("", "ERROR: bpftrace currently only supports running as the root user.");
  EXPECT_EQ(denied.end.how, QueryEnd::How::unavailable);
  EXPECT_THAT(denied.end.reason, HasSubstr("root"));
  for (const auto* text : {"uprobe:/other.so:f\n", "    int early\n", "x\n"}) {
    const auto answer = read(text);
    EXPECT_EQ(answer.end.how, QueryEnd::How::failed);
    EXPECT_THAT(answer.facts.list, IsEmpty());
  }
}

}  // namespace
}  // namespace splitstrip
