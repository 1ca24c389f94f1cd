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
  static std::filesystem::path build(const ScratchDirectory& directory) {
    testing_support::build_library(directory.path() / "libsmall.so", source);
    return directory.path() / "libsmall.so";
  }

  ScratchDirectory directory_;
  StagedLibrary staged_{build(directory_)};
  std::unique_ptr<Consumer> llvm_ = make_llvm();
};

INSTANTIATE_TEST_SUITE_P(queries, LlvmTest,
                         testing::Values("addresses", "frames", "statistics", "verify"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(LlvmTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  expect_the_same_on_every_run(staged_, *llvm_, GetParam());
}

TEST_P(LlvmTest, answers_need_the_debug_file) {
  expect_it_needs_the_debug_file(staged_, *llvm_, GetParam(), false);
}

TEST_P(LlvmTest, finds_everything_beside_typedata) {
  expect_everything_beside_typedata(staged_, *llvm_, GetParam());
}

TEST_P(LlvmTest, loses_what_a_hollow_debug_file_lacks) {
  const std::string_view query = GetParam();
  if (query == "verify") GTEST_SKIP() << "lines are not hollow";
  EXPECT_NE(staged_.ask(*llvm_, GetParam(), {.recipe = "kept-dwarf-nobits"}).facts,
            staged_.ask(*llvm_, GetParam()).facts);
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
