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

class PaholeTest : public testing::TestWithParam<const char*> {
 protected:
  ScratchDirectory directory_;
  StagedLibrary staged_{build(directory_)};
  std::unique_ptr<Consumer> pahole_ = make_pahole();
};

INSTANTIATE_TEST_SUITE_P(queries, PaholeTest, testing::Values("types", "functions"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(PaholeTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  expect_the_same_on_every_run(staged_, *pahole_, GetParam());
}

TEST_P(PaholeTest, every_answer_needs_the_debug_file) {
  expect_it_needs_the_debug_file(staged_, *pahole_, GetParam(), true);
}

TEST_P(PaholeTest, finds_everything_beside_typedata_and_loses_beside_types_dwarf) {
  expect_everything_beside_typedata(staged_, *pahole_, GetParam());
  EXPECT_NE(staged_.ask(*pahole_, GetParam(), {.recipe = "types-dwarf"}).facts,
            staged_.ask(*pahole_, GetParam()).facts);
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
