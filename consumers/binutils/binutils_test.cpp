// Asks the real addr2line and readelf about a small pair, and about the same without its debug
// file.
#include "consumers/binutils/binutils.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using testing::Contains;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing_support::Answered;
using testing_support::StagedLibrary;

constexpr const char* source = R"(
extern int printf(const char *, ...);
struct point { int x; long y; };
static inline __attribute__((always_inline)) int inner(int a) { return printf("%d", a) + 1; }
static __attribute__((noinline)) int hidden_away(int a) { return inner(a) * 3; }
int exported(struct point *p) { return hidden_away(p->x) + 2; }
)";

class BinutilsTest : public testing::TestWithParam<const char*> {
 protected:
  BinutilsTest() { testing_support::build_library(library_, source); }

  ScratchDirectory directory_;
  std::filesystem::path library_ = directory_.path() / "libsmall.so";
  std::unique_ptr<Consumer> binutils_ = make_binutils();
};

INSTANTIATE_TEST_SUITE_P(queries, BinutilsTest,
                         testing::Values("addresses", "lines", "units", "symbols"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(BinutilsTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  StagedLibrary staged(library_);
  const Answered first = staged.ask(*binutils_, GetParam());
  EXPECT_EQ(first.end.how, QueryEnd::How::answered) << first.end.reason;
  EXPECT_THAT(first.facts, Not(IsEmpty()));
  EXPECT_EQ(staged.ask(*binutils_, GetParam()).facts, first.facts);
  EXPECT_EQ(staged.ask(*binutils_, GetParam(), {.isolation = Isolation::never}).facts, first.facts);
}

// addr2line is left with the names of exported functions.
TEST_P(BinutilsTest, answers_need_the_debug_file) {
  StagedLibrary staged(library_);
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    const Answered withheld =
        staged.ask(*binutils_, GetParam(), {.withheld = true, .isolation = isolation});
    EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
    if (std::string_view(GetParam()) == "addresses")
      EXPECT_THAT(withheld.facts, Not(Contains(Field(&TestFact::value, "hidden_away"))));
    else
      EXPECT_THAT(withheld.facts, IsEmpty());
  }
}

TEST_P(BinutilsTest, finds_everything_beside_typedata) {
  StagedLibrary staged(library_);
  EXPECT_EQ(staged.ask(*binutils_, GetParam(), {.recipe = "typedata"}).facts,
            staged.ask(*binutils_, GetParam()).facts);
}

// readelf goes on reading main's entries and the debug file's lines; addr2line is lost.
TEST(Binutils, addresses_are_lost_beside_a_hollow_debug_file) {
  const ScratchDirectory directory;
  const auto library = directory.path() / "libsmall.so";
  testing_support::build_library(library, source);
  StagedLibrary staged(library);
  const auto binutils = make_binutils();
  EXPECT_NE(staged.ask(*binutils, "addresses", {.recipe = "kept-dwarf-nobits"}).facts,
            staged.ask(*binutils, "addresses").facts);
}

TEST(Binutils, tells_functions_lines_inlined_callers_and_static_symbols) {
  const ScratchDirectory directory;
  const auto library = directory.path() / "libsmall.so";
  testing_support::build_library(library, source);
  StagedLibrary staged(library);
  const auto binutils = make_binutils();
  const auto addresses = staged.ask(*binutils, "addresses").facts;
  EXPECT_THAT(addresses, Contains(Field(&TestFact::value, "inner")));
  EXPECT_THAT(addresses, Contains(Field(&TestFact::value, StartsWith("hidden_away at "))));
  EXPECT_THAT(staged.ask(*binutils, "symbols").keys("hidden_away"), SizeIs(1));
  const auto units = staged.ask(*binutils, "units");
  std::size_t points = 0;
  for (const auto& fact : units.facts) points += fact.key.ends_with(": structure_type point");
  EXPECT_EQ(points, 1U);
}

}  // namespace
}  // namespace splitstrip
