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
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
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
  static std::filesystem::path build(const ScratchDirectory& directory) {
    testing_support::build_library(directory.path() / "libsmall.so", source);
    return directory.path() / "libsmall.so";
  }

  ScratchDirectory directory_;
  StagedLibrary staged_{build(directory_)};
  std::unique_ptr<Consumer> binutils_ = make_binutils();
};

INSTANTIATE_TEST_SUITE_P(queries, BinutilsTest,
                         testing::Values("addresses", "lines", "units", "symbols"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(BinutilsTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  expect_the_same_on_every_run(staged_, *binutils_, GetParam());
}

// addr2line is left with the names of exported functions.
TEST_P(BinutilsTest, answers_need_the_debug_file) {
  const bool names = std::string_view(GetParam()) == "addresses";
  expect_it_needs_the_debug_file(staged_, *binutils_, GetParam(), !names);
  if (names) {
    EXPECT_THAT(staged_.ask(*binutils_, GetParam(), {.withheld = true}).facts,
                Not(Contains(Field(&TestFact::value, "hidden_away"))));
  }
}

TEST_P(BinutilsTest, finds_everything_beside_typedata) {
  expect_everything_beside_typedata(staged_, *binutils_, GetParam());
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
