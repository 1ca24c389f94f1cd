// Asks the real llvm-symbolizer and llvm-dwarfdump about a small pair, and about the same pair
// without its debug file.
#include "consumers/llvm/llvm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::Answered;
using testing_support::StagedLibrary;

constexpr const char* source = R"(
extern int printf(const char *, ...);
static int hits[3];
static inline __attribute__((always_inline)) int inner(int a) { return printf("%d", a) + 1; }
static __attribute__((noinline)) int hidden_away(int a) { return inner(a) * 3 + hits[a % 3]++; }
int exported(int *p) { return hidden_away(*p) + 2; }
)";

class LlvmTest : public testing::TestWithParam<const char*> {
 protected:
  LlvmTest() { testing_support::build_library(library_, source); }

  ScratchDirectory directory_;
  std::filesystem::path library_ = directory_.path() / "libsmall.so";
  std::unique_ptr<Consumer> llvm_ = make_llvm();
};

INSTANTIATE_TEST_SUITE_P(queries, LlvmTest,
                         testing::Values("addresses", "frames", "statistics", "verify"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(LlvmTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  StagedLibrary staged(library_);
  const Answered first = staged.ask(*llvm_, GetParam());
  EXPECT_EQ(first.end.how, QueryEnd::How::answered) << first.end.reason;
  EXPECT_THAT(first.facts, Not(IsEmpty()));
  EXPECT_EQ(staged.ask(*llvm_, GetParam()).facts, first.facts);
  EXPECT_EQ(staged.ask(*llvm_, GetParam(), {.isolation = Isolation::never}).facts, first.facts);
}

TEST_P(LlvmTest, answers_need_the_debug_file) {
  StagedLibrary staged(library_);
  const Answered whole = staged.ask(*llvm_, GetParam());
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    const Answered withheld =
        staged.ask(*llvm_, GetParam(), {.withheld = true, .isolation = isolation});
    EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
    EXPECT_LT(withheld.facts.size(), whole.facts.size());
  }
}

TEST_P(LlvmTest, finds_everything_beside_typedata) {
  StagedLibrary staged(library_);
  EXPECT_EQ(staged.ask(*llvm_, GetParam(), {.recipe = "typedata"}).facts,
            staged.ask(*llvm_, GetParam()).facts);
}

TEST_P(LlvmTest, loses_what_a_hollow_debug_file_lacks) {
  const std::string_view query = GetParam();
  if (query == "verify") GTEST_SKIP() << "lines are not hollow";
  StagedLibrary staged(library_);
  EXPECT_NE(staged.ask(*llvm_, GetParam(), {.recipe = "kept-dwarf-nobits"}).facts,
            staged.ask(*llvm_, GetParam()).facts);
}

TEST(Llvm, tells_inline_chains_and_locals) {
  const ScratchDirectory directory;
  const auto library = directory.path() / "libsmall.so";
  testing_support::build_library(library, source);
  StagedLibrary staged(library);
  const auto llvm = make_llvm();
  EXPECT_THAT(staged.ask(*llvm, "addresses").facts,
              Contains(Field(&TestFact::value,
                             AllOf(HasSubstr("inner at "), HasSubstr(" < hidden_away at ")))));
  EXPECT_THAT(staged.ask(*llvm, "frames").facts,
              Contains(Field(&TestFact::key, testing::EndsWith(" exported p"))));
}

}  // namespace
}  // namespace splitstrip
