// Asks the real stap about a small pair, and about the same pair without its debug file.
#include "consumers/systemtap/systemtap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing_support::Answered;
using testing_support::StagedLibrary;

// `%` stands for what moves the fields.
constexpr const char* source = R"(
struct point { % int x; long y; };
union both { struct point p; char c[16]; };
struct point origin;
static int hits[3];
static __thread int per_thread;
static __attribute__((noinline)) int hidden(struct point *p, int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) sum += p->x * hits[i % 3] + per_thread;
  return sum;
}
struct point *exported(struct point *p, union both *b) {
  hits[0] = hidden(p, 3) + b->c[0];
  return p;
}
)";

std::filesystem::path build(const ScratchDirectory& directory, const std::string& before = "") {
  const auto library = directory.path() / "libsmall.so";
  std::string text = source;
  text.replace(text.find('%'), 1, before);
  testing_support::build_library(library, text);
  return library;
}

class SystemTapTest : public testing::TestWithParam<const char*> {};

// `probes` tells names of types only; the others tell what is in them.
class SystemTapLayoutTest : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(queries, SystemTapLayoutTest, testing::Values("reads", "translation"),
                         [](const auto& test) { return std::string(test.param); });

INSTANTIATE_TEST_SUITE_P(queries, SystemTapTest, testing::Values("probes", "reads", "translation"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(SystemTapTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto systemtap = make_systemtap();
  const Answered first = staged.ask(*systemtap, GetParam());
  EXPECT_EQ(first.end.how, QueryEnd::How::answered) << first.end.reason;
  EXPECT_THAT(first.facts, Not(IsEmpty()));
  EXPECT_EQ(staged.ask(*systemtap, GetParam()).facts, first.facts);
  EXPECT_EQ(staged.ask(*systemtap, GetParam(), {.isolation = Isolation::never}).facts, first.facts);
}

TEST_P(SystemTapTest, most_answers_need_the_debug_file) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto systemtap = make_systemtap();
  const Answered whole = staged.ask(*systemtap, GetParam());
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    const Answered withheld =
        staged.ask(*systemtap, GetParam(), {.withheld = true, .isolation = isolation});
    EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
    std::size_t left = 0;
    for (const auto& fact : withheld.facts)
      left += std::count(whole.facts.begin(), whole.facts.end(), fact);
    EXPECT_LT(left * 2, whole.facts.size());
  }
}

TEST_P(SystemTapLayoutTest, another_layout_is_another_answer) {
  const ScratchDirectory directory;
  const auto systemtap = make_systemtap();
  const auto one = StagedLibrary(build(directory)).ask(*systemtap, GetParam()).facts;
  const auto other =
      StagedLibrary(build(directory, "char more;")).ask(*systemtap, GetParam()).facts;
  EXPECT_NE(one, other);
}

TEST(SystemTap, lists_functions_returns_and_statements_with_their_variables) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const Answered answered = staged.ask(*make_systemtap(), "probes");
  ASSERT_THAT(answered.keys("function hidden "), SizeIs(1));
  EXPECT_THAT(answered.value(answered.keys("function hidden ")[0]),
              AllOf(HasSubstr("$p:struct point*"), HasSubstr("$times:int")));
  ASSERT_THAT(answered.keys("return exported "), SizeIs(1));
  EXPECT_THAT(answered.value(answered.keys("return exported ")[0]),
              HasSubstr("$return:struct point*"));
  EXPECT_THAT(answered.keys("statement hidden@"), Not(IsEmpty()));
}

TEST(SystemTap, reads_parameters_fields_globals_elements_and_types) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const Answered answered = staged.ask(*make_systemtap(), "reads");
  ASSERT_THAT(answered.keys("parameters hidden "), SizeIs(1));
  // A size and an offset for each field.
  EXPECT_THAT(answered.value(answered.keys("parameters hidden ")[0]),
              AllOf(HasSubstr(".x=%i, .y=%i"), HasSubstr("@uderef(8, (@uregister(5)) + (8))")));
  EXPECT_THAT(answered.keys("returned exported "), SizeIs(1));
  EXPECT_THAT(answered.keys("variables hidden@"), Not(IsEmpty()));
  EXPECT_THAT(answered.keys("value of origin@"), SizeIs(1));
  EXPECT_THAT(answered.keys("element of hits@"), SizeIs(1));
  EXPECT_THAT(answered.keys("address of hits@"), SizeIs(1));
  EXPECT_THAT(answered.keys("struct point"), SizeIs(1));
  EXPECT_THAT(answered.keys("union both"), SizeIs(1));
  for (const auto& fact : answered.facts)
    EXPECT_THAT(fact.value, Not(HasSubstr("__private_"))) << "numbered anew in every script";
}

TEST(SystemTap, translates_to_reads_of_memory_at_offsets) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const Answered answered = staged.ask(*make_systemtap(), "translation");
  EXPECT_THAT(answered.keys("read "), Contains(HasSubstr("uderef(8, (((u_fetch_register(5))")));
  EXPECT_THAT(answered.keys("probe function hidden@"), SizeIs(1));
}

// Cells are planned before anything is read: a library without DWARF, or with a damaged one, must
// not end the check there.
TEST(SystemTap, concerns_a_library_by_its_symbols) {
  const ScratchDirectory directory;
  Subject subject;
  subject.unstripped = directory.path() / "libplain.so";
  testing_support::build_library(subject.unstripped, "int f(void) { return 1; }", {"-g0"});
  EXPECT_TRUE(make_systemtap()->concerns("live", subject));
}

// Where the kernel lets it run, the functions of the driver's way; else the reason.
TEST(SystemTap, runs_live_or_says_why_not) {
  Driver driver;
  driver.program = data_directory("fixtures") / "libonly" / "driver";
  StagedLibrary staged(data_directory("fixtures") / "libonly" / "liblibonly.so", driver);
  const Answered answered = staged.ask(*make_systemtap(), "live");
  if (answered.end.how == QueryEnd::How::answered) {
    EXPECT_THAT(answered.keys("hit "), Not(IsEmpty()));
  } else {
    EXPECT_EQ(answered.end.how, QueryEnd::How::unavailable) << answered.end.reason;
    EXPECT_THAT(answered.end.reason, HasSubstr("kernel"));
  }
}

TEST(SystemTap, finds_everything_beside_typedata_and_loses_beside_types_dwarf) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto systemtap = make_systemtap();
  for (const auto* query : {"probes", "reads"}) {
    const auto whole = staged.ask(*systemtap, query).facts;
    EXPECT_EQ(staged.ask(*systemtap, query, {.recipe = "typedata"}).facts, whole);
    EXPECT_NE(staged.ask(*systemtap, query, {.recipe = "types-dwarf"}).facts, whole);
  }
}

}  // namespace
}  // namespace splitstrip
