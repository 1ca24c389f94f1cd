// Asks the real rr about a small pair, and about the same pair without its debug file.
#include "consumers/rr/rr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::Answered;
using testing_support::StagedLibrary;

constexpr const char* source = R"(
#include <stdio.h>
int exported(FILE *out) { return fputs("x", out); }
)";

class RrTest : public testing::Test {
 protected:
  RrTest() { testing_support::build_library(library_, source); }

  void SetUp() override { staged_ = std::make_unique<StagedLibrary>(library_); }

  Answered ask(const testing_support::Asked& asked = {}) {
    return staged_->ask(*rr_, "sources", asked);
  }

  ScratchDirectory directory_;
  std::filesystem::path library_ = directory_.path() / "libsmall.so";
  std::unique_ptr<Consumer> rr_ = make_rr();
  std::unique_ptr<StagedLibrary> staged_;
};

TEST_F(RrTest, tells_source_files_the_same_on_every_run_and_in_every_kind_of_stage) {
  const auto first = ask();
  EXPECT_EQ(first.end.how, QueryEnd::How::answered) << first.end.reason;
  EXPECT_THAT(first.keys("external debug info"), SizeIs(1));
  EXPECT_THAT(first.keys("file "), Not(IsEmpty()));
  EXPECT_EQ(ask().facts, first.facts);
  EXPECT_EQ(ask({.isolation = Isolation::never}).facts, first.facts);
}

TEST_F(RrTest, every_answer_needs_the_debug_file) {
  for (const auto isolation : {Isolation::when_possible, Isolation::never})
    EXPECT_THAT(ask({.withheld = true, .isolation = isolation}).facts, IsEmpty());
}

TEST_F(RrTest, finds_everything_beside_typedata) {
  EXPECT_EQ(ask({.recipe = "typedata"}).facts, ask().facts);
}

}  // namespace
}  // namespace splitstrip
