// Asks the real valgrind about a small pair, and about the same pair without its debug file.
#include "consumers/valgrind/valgrind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::Answered;
using testing_support::StagedLibrary;

constexpr const char* source = R"(
int counter = 1;
static __attribute__((noinline)) int hidden(int a) { return a * counter; }
int exported(int a) { return hidden(a) + 2; }
)";

std::filesystem::path build(const ScratchDirectory& directory) {
  const auto library = directory.path() / "libsmall.so";
  testing_support::build_library(library, source);
  return library;
}

TEST(Valgrind, tells_the_lines_of_code_addresses) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto valgrind = make_valgrind();
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    const Answered answered = staged.ask(*valgrind, "addresses", {.isolation = isolation});
    EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
    ASSERT_THAT(answered.keys("hidden "), SizeIs(1));
    EXPECT_THAT(answered.value(answered.keys("hidden ")[0]), EndsWith(".c:3"));
    ASSERT_THAT(answered.keys("exported "), SizeIs(1));
    EXPECT_THAT(answered.value(answered.keys("exported ")[0]), EndsWith(".c:4"));
  }
}

TEST(Valgrind, tells_no_line_without_the_debug_file) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    const Answered answered =
        staged.ask(*make_valgrind(), "addresses", {.withheld = true, .isolation = isolation});
    EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
    EXPECT_THAT(answered.facts, IsEmpty());
  }
}

TEST(Valgrind, tells_functions_lines_and_inlined_callers_on_made_up_stacks) {
  const auto fixture = data_directory("fixtures") / "libonly" / "liblibonly.so";
  StagedLibrary staged(fixture);
  const auto valgrind = make_valgrind();
  const Answered answered = staged.ask(*valgrind, "backtrace");
  ASSERT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
  const auto tells = [&](const char* key, const char* text) {
    return Contains(
        AllOf(Field(&TestFact::key, HasSubstr(key)), Field(&TestFact::value, HasSubstr(text))));
  };
  EXPECT_THAT(answered.facts, tells("0x", "kick (fixtures/libonly/engine.c:"));
  EXPECT_THAT(answered.facts, tells(" #1", "turn_once (fixtures/libonly/engine.c:"));
  EXPECT_THAT(answered.facts, tells("top 0x", "libonly"));

  const Answered withheld = staged.ask(*valgrind, "backtrace", {.withheld = true});
  EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
  EXPECT_THAT(withheld.facts, Each(Field(&TestFact::value, Not(HasSubstr("fixtures/libonly")))));
  EXPECT_THAT(withheld.keys("0x"), Not(Contains(EndsWith(" #1"))));
}

TEST(Valgrind, finds_everything_beside_typedata_and_gives_up_beside_half_a_dwarf) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto valgrind = make_valgrind();
  const auto whole = staged.ask(*valgrind, "addresses").facts;
  EXPECT_EQ(staged.ask(*valgrind, "addresses", {.recipe = "typedata"}).facts, whole);
  for (const auto* recipe : {"types-dwarf", "leftover-strings"}) {
    const Answered answered = staged.ask(*valgrind, "addresses", {.recipe = recipe});
    EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
    EXPECT_THAT(answered.facts, IsEmpty()) << recipe;
  }
}

TEST(Valgrind, answers_the_same_on_every_run) {
  const ScratchDirectory directory;
  StagedLibrary staged(build(directory));
  const auto first = staged.ask(*make_valgrind(), "addresses").facts;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(staged.ask(*make_valgrind(), "addresses").facts, first);
}

Driver memerror() {
  Driver driver;
  driver.program = data_directory("fixtures") / "memerror" / "driver";
  driver.memory_errors = true;
  return driver;
}

TEST(Valgrind, memcheck_names_lines_inlined_callers_and_variables) {
  StagedLibrary staged(data_directory("fixtures") / "memerror" / "libmemerror.so", memerror());
  const auto valgrind = make_valgrind();
  const Answered answered = staged.ask(*valgrind, "memcheck");
  if (answered.end.how == QueryEnd::How::unavailable) GTEST_SKIP() << answered.end.reason;
  ASSERT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
  const auto value = [](const auto& matcher) { return Field(&TestFact::value, matcher); };
  EXPECT_THAT(answered.facts, Contains(value(HasSubstr("read_value (./fixtures/memerror/lib.c:"))));
  EXPECT_THAT(answered.facts, Contains(value(HasSubstr("inside global_array["))));
  EXPECT_THAT(answered.facts, Contains(value(HasSubstr("are definitely lost"))));
  EXPECT_THAT(answered.facts, Contains(value(EndsWith("in $ROOT/lib/libmemerror.so"))));

  const Answered withheld = staged.ask(*valgrind, "memcheck", {.withheld = true});
  EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
  EXPECT_THAT(withheld.facts, Contains(value(HasSubstr("are definitely lost"))));
  EXPECT_THAT(withheld.facts, Not(Contains(value(HasSubstr("lib.c:")))));
  EXPECT_THAT(withheld.facts, Not(Contains(value(HasSubstr("global_array")))));
}

TEST(Valgrind, is_asked_for_backtraces_where_its_probe_has_stacks) {
  const ScratchDirectory directory;
  Subject subject;
  subject.unstripped = build(directory);
  subject.machine = "x86_64";
  EXPECT_TRUE(make_valgrind()->concerns("backtrace", subject));
  subject.machine = "s390x";
  EXPECT_FALSE(make_valgrind()->concerns("backtrace", subject));
}

TEST(Valgrind, memcheck_concerns_only_drivers_with_errors) {
  Subject subject;
  const auto valgrind = make_valgrind();
  EXPECT_TRUE(valgrind->concerns("addresses", subject));
  EXPECT_FALSE(valgrind->concerns("memcheck", subject));
  subject.driver = memerror();
  EXPECT_TRUE(valgrind->concerns("memcheck", subject));
  subject.driver->memory_errors = false;
  EXPECT_FALSE(valgrind->concerns("memcheck", subject));
}

}  // namespace
}  // namespace splitstrip
