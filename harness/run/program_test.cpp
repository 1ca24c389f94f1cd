#include "run/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

using testing::HasSubstr;

TEST(Program, TellsStatusAndBothStreams) {
  Program program = Program::start({"sh", "-c", "echo out; echo err >&2; exit 3"});
  const ProgramEnd end = program.wait();
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.output, "out\n");
  EXPECT_EQ(end.reason(), "err");
}

TEST(Program, KeepsAllOfAnOutputLargerThanAPipe) {
  Program program = Program::start({"sh", "-c", "head -c 300000 /dev/zero"});
  EXPECT_EQ(program.wait().output.size(), 300000u);
}

TEST(Program, BoundsGigabytesOfErrors) {
  Program program = Program::start({"sh", "-c", "head -c 100000000 /dev/zero >&2"});
  EXPECT_EQ(program.wait().errors.size(), std::size_t{64} << 10);
}

TEST(Program, NamesTheSignal) {
  Program program = Program::start({"sh", "-c", "kill -9 $$"});
  EXPECT_EQ(program.wait().reason(), "killed by signal 9");
}

TEST(Program, NamesThePackageOfAMissingProgram) {
  try {
    Program::start({"no-such-program-at-all"}, "some-package");
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(),
                HasSubstr("no-such-program-at-all: not found; install package some-package"));
  }
}

TEST(Program, EndsAHangingProgramWithItsChildren) {
  Program program = Program::start({"sh", "-c", "sleep 1000 & sleep 1000"});
  EXPECT_THROW(program.wait(std::chrono::milliseconds(50)), Error);
}

TEST(Program, DoesNotWaitForWhatItLeftBehind) {
  Program program = Program::start({"sh", "-c", "sleep 5 & echo done"});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(program.wait().output, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

}  // namespace
}  // namespace splitstrip
