// Asks the real bpftrace about a small pair, and about the same pair without its debug file.
#include "consumers/bpftrace/bpftrace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using testing_support::Answered;
using testing_support::StagedLibrary;

constexpr const char* source = R"(
struct point { int x; long y; };
static __attribute__((noinline, noclone, noipa)) int hidden_away(struct point *p, int times) { return p->x * times; }
int exported(struct point *p) { return hidden_away(p, 7) + 2; }
)";

class BpftraceTest : public testing::Test {
 protected:
  BpftraceTest() { testing_support::build_library(library_, source); }

  Answered ask(const testing_support::Asked& asked = {}) {
    return staged_->ask(*bpftrace_, "arguments", asked);
  }

  void SetUp() override { staged_ = std::make_unique<StagedLibrary>(library_); }

  ScratchDirectory directory_;
  std::filesystem::path library_ = directory_.path() / "libsmall.so";
  std::unique_ptr<Consumer> bpftrace_ = make_bpftrace();
  std::unique_ptr<StagedLibrary> staged_;
};

TEST_F(BpftraceTest, tells_arguments_of_static_and_exported_functions) {
  const auto first = ask();
  if (first.end.how == QueryEnd::How::unavailable) GTEST_SKIP() << first.end.reason;
  EXPECT_EQ(first.value("exported"), "(struct point* p)");
  EXPECT_EQ(first.value("hidden_away"), "(struct point* p, int times)");
  EXPECT_EQ(ask().facts, first.facts);
}

TEST_F(BpftraceTest, arguments_need_the_debug_file) {
  const auto withheld = ask({.withheld = true});
  if (withheld.end.how == QueryEnd::How::unavailable) GTEST_SKIP() << withheld.end.reason;
  EXPECT_EQ(withheld.value("exported"), "()");
  EXPECT_EQ(withheld.value("hidden_away"), "");
}

TEST_F(BpftraceTest, finds_everything_beside_typedata_and_loses_beside_types_dwarf) {
  const auto whole = ask();
  if (whole.end.how == QueryEnd::How::unavailable) GTEST_SKIP() << whole.end.reason;
  EXPECT_EQ(ask({.recipe = "typedata"}).facts, whole.facts);
  EXPECT_NE(ask({.recipe = "types-dwarf"}).facts, whole.facts);
}

TEST_F(BpftraceTest, answers_the_same_in_a_private_directory) {
  const auto isolated = ask();
  const auto priv = ask({.isolation = Isolation::never});
  if (priv.end.how == QueryEnd::How::unavailable) GTEST_SKIP() << priv.end.reason;
  EXPECT_EQ(priv.facts, isolated.facts);
}

}  // namespace
}  // namespace splitstrip
