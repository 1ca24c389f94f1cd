// Real gdb and gdbserver on a driver: the library comes from gdbserver, its debug file does not,
// and what gdb says needs it.
#include "consumers/gdbserver/gdbserver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::Answered;
using testing_support::StagedLibrary;

StagedLibrary threads() {
  const auto fixture = data_directory("fixtures") / "threads";
  Driver driver;
  driver.program = fixture / "driver";
  driver.break_functions = {"wait_at_place"};
  driver.finish_functions = {"announce_below"};
  return StagedLibrary(fixture / "libthreads.so", driver);
}

TEST(Gdbserver, hands_over_the_library_and_gdb_sees_the_driver_as_without_it) {
  const auto gdbserver = make_gdbserver();
  if (const auto found = gdbserver->detect(); !found.available) GTEST_SKIP() << found.reason;
  auto staged = threads();
  const Answered answered = staged.ask(*gdbserver, "live");
  ASSERT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
  EXPECT_THAT(answered.value("loaded libthreads.so"),
              AllOf(StartsWith("by gdbserver, build-id "), EndsWith("with a debug file")));
  EXPECT_THAT(answered.value("break wait_at_place hit 3 #0"),
              StartsWith("wait_at_place (pool = heap, number = "));
  EXPECT_THAT(answered.value("finish announce_below hit 1"), HasSubstr("returned int = 204"));
  EXPECT_EQ(answered.facts, staged.ask(*gdbserver, "live").facts) << "not the same twice";

  const Answered withheld = staged.ask(*gdbserver, "live", {.withheld = true});
  EXPECT_THAT(withheld.value("loaded libthreads.so"), EndsWith("alone"));
  EXPECT_EQ(withheld.value("finish announce_below hit 1"), "");
}

}  // namespace
}  // namespace splitstrip
