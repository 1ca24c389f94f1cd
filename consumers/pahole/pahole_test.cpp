// Asks the real pahole and pfunct about a small pair, and about the same pair without its debug
// file.
#include "consumers/pahole/pahole.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_support::Answered;
using testing_support::StagedLibrary;

// `%` stands for what moves the fields.
constexpr const char* source = R"(
struct point { % int x; long y; };
struct hidden { struct point at; unsigned char bit : 3; };
static __attribute__((noinline)) int hidden_away(struct hidden *h) { return h->at.x * 3 + h->bit; }
int exported(struct point *p) { struct hidden h = {*p, 1}; return hidden_away(&h) + 2; }
)";

std::filesystem::path build(const ScratchDirectory& directory, const std::string& before = "") {
  const auto library = directory.path() / "libsmall.so";
  std::string text = source;
  text.replace(text.find('%'), 1, before);
  testing_support::build_library(library, text);
  return library;
}

class PaholeTest : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(queries, PaholeTest, testing::Values("types", "functions"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(PaholeTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto pahole = make_pahole();
  const Answered first = staged.ask(*pahole, GetParam());
  EXPECT_EQ(first.end.how, QueryEnd::How::answered) << first.end.reason;
  EXPECT_THAT(first.facts, Not(IsEmpty()));
  EXPECT_EQ(staged.ask(*pahole, GetParam()).facts, first.facts);
  EXPECT_EQ(staged.ask(*pahole, GetParam(), {.isolation = Isolation::never}).facts, first.facts);
}

TEST_P(PaholeTest, every_answer_needs_the_debug_file) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto pahole = make_pahole();
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    const Answered withheld =
        staged.ask(*pahole, GetParam(), {.withheld = true, .isolation = isolation});
    EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
    EXPECT_THAT(withheld.facts, IsEmpty());
  }
}

TEST_P(PaholeTest, finds_everything_beside_typedata_and_loses_beside_types_dwarf) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto pahole = make_pahole();
  const auto whole = staged.ask(*pahole, GetParam()).facts;
  EXPECT_EQ(staged.ask(*pahole, GetParam(), {.recipe = "typedata"}).facts, whole);
  EXPECT_NE(staged.ask(*pahole, GetParam(), {.recipe = "types-dwarf"}).facts, whole);
}

TEST(Pahole, another_layout_is_another_answer) {
  const ScratchDirectory directory;
  const auto pahole = make_pahole();
  const auto one = StagedLibrary(build(directory)).ask(*pahole, "types");
  const auto other = StagedLibrary(build(directory, "long more;")).ask(*pahole, "types");
  ASSERT_THAT(one.facts, Contains(Field(&TestFact::key, EndsWith(" struct point"))));
  EXPECT_THAT(one.facts, Contains(AllOf(Field(&TestFact::key, EndsWith(" struct hidden")),
                                        Field(&TestFact::value, HasSubstr("bit:3;")))));
  EXPECT_NE(one.facts, other.facts);
}

}  // namespace
}  // namespace splitstrip
