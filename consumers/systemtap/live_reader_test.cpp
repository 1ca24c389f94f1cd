#include "consumers/systemtap/live_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

QueryEnd end_of(const std::string& errors, TestSink& facts, const std::string& answers = {}) {
  LiveReader reader("live", "; install linux-headers");
  reader.read(answers, facts);
  Ending ending;
  ending.how = Ending::How::exited;
  ending.errors_tail = errors;
  return reader.finish(ending, facts).at(0);
}

TEST(LiveReader, tells_which_functions_were_reached) {
  TestSink facts;
  const auto end = end_of(
      "Pass 2: analyzed script: 2 probes\nPass 5: starting run.\n"
      "Pass 5: run completed in 0usr/0sys/30real ms.\n",
      facts, "hit inner\nwhat the driver prints\nhit outer\nhit inner\n");
  EXPECT_EQ(end.how, QueryEnd::How::answered);
  EXPECT_THAT(facts.list, ElementsAre(TestFact{"live", "hit inner", "reached"},
                                      TestFact{"live", "hit outer", "reached"}));
}

TEST(LiveReader, a_kernel_that_refuses_makes_it_unavailable) {
  TestSink facts;
  const auto end = end_of(
      "Pass 2: analyzed script: 1 probe\nPass 5: starting run.\n"
      "Error loading stap_1: could not increase map resource limit: Operation not permitted\n"
      "Pass 5: run completed in 0usr/0sys/30real ms.\nPass 5: run failed.\n",
      facts);
  EXPECT_EQ(end.how, QueryEnd::How::unavailable);
  EXPECT_THAT(
      end.reason,
      HasSubstr("here: could not increase map resource limit: Operation not permitted; install"));
}

TEST(LiveReader, a_stap_that_did_not_understand_is_a_failure) {
  TestSink facts;
  EXPECT_EQ(end_of("parse error: x\nPass 1: parse failed.\n", facts).how, QueryEnd::How::failed);
}

}  // namespace
}  // namespace splitstrip
