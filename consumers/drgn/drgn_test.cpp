// Real drgn on a small library: what it is asked, that each answer needs the debug file, and that a
// fault in it changes them.
#include "consumers/drgn/drgn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing_support::Answered;
using testing_support::StagedLibrary;

constexpr const char* source = R"(
enum colour { red, green = 5, blue = -1 };
struct flags { unsigned low : 3; unsigned high : 7; enum colour colour; };
typedef struct { struct flags flags; int (*call)(int, char *); } record;
static int calls = 2;
record last = {.flags = {1, 2, green}};
static __attribute__((noinline)) int helper(const record *from, int by) {
  return calls += by + from->flags.low;
}
long measure(record *what, int by) { return helper(what, by) + helper(&last, 1); }
)";

class DrgnOnLibrary : public testing::Test {
 protected:
  void SetUp() override {
    const auto found = make_drgn()->detect();
    if (!found.available) GTEST_SKIP() << found.reason;
  }
  StagedLibrary build(const std::string& text = source) {
    const auto library = scratch_.path() / "libsmall.so";
    testing_support::build_library(library, text);
    return StagedLibrary(library);
  }
  ScratchDirectory scratch_;
};

auto is(const char* key, const testing::Matcher<const std::string&>& value) {
  return Contains(AllOf(Field(&TestFact::key, key), Field(&TestFact::value, value)));
}

TEST_F(DrgnOnLibrary, tells_types_functions_and_variables_by_name) {
  auto staged = build();
  const auto ask = [&](const char* query) {
    const Answered answered = staged.ask(*make_drgn(), query);
    EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
    return answered.facts;
  };
  const auto types = ask("types");
  EXPECT_THAT(types, is("struct flags",
                        "struct, 8 bytes: low unsigned int bit 0 size 3; high unsigned int bit 3 "
                        "size 7; colour enum colour @4"));
  EXPECT_THAT(types, is("enum colour", HasSubstr("red = 0, green = 5, blue = -1")));
  EXPECT_THAT(types, is("typedef record", HasSubstr("call int (*)(int, char *) @8")));
  EXPECT_THAT(types, Contains(Field(&TestFact::key, StartsWith("struct flags ["))));
  EXPECT_THAT(ask("functions"),
              is("function helper", HasSubstr("int (const record * from, int by); at 0x")));
  EXPECT_THAT(ask("globals"), is("variable calls", StartsWith("int; at 0x")));
}

TEST_F(DrgnOnLibrary, finds_the_debug_file_with_and_without_namespaces_and_nothing_without_it) {
  auto staged = build();
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    for (const auto* query : {"types", "functions", "globals"}) {
      EXPECT_FALSE(staged.ask(*make_drgn(), query, {.isolation = isolation}).facts.empty())
          << query;
      const Answered without =
          staged.ask(*make_drgn(), query, {.withheld = true, .isolation = isolation});
      EXPECT_EQ(without.end.how, QueryEnd::How::answered) << without.end.reason;
      EXPECT_THAT(without.facts, IsEmpty()) << query;
    }
  }
}

TEST_F(DrgnOnLibrary, walks_made_up_stacks_with_inlined_calls_and_locals) {
  auto staged = build(testing_support::small_library);
  const Answered trace = staged.ask(*make_drgn(), "backtrace");
  EXPECT_EQ(trace.end.how, QueryEnd::How::answered) << trace.end.reason;
  EXPECT_THAT(trace.facts, Contains(AllOf(Field(&TestFact::key, StartsWith("0x")),
                                          Field(&TestFact::value, StartsWith("measure at ")))));
  EXPECT_THAT(trace.facts,
              Contains(AllOf(Field(&TestFact::key, StartsWith("top 0x")),
                             Field(&TestFact::value, StartsWith("doubled (inlined) at ")))));
  EXPECT_THAT(staged.ask(*make_drgn(), "locals").facts,
              Contains(AllOf(Field(&TestFact::key, HasSubstr(" by")),
                             Field(&TestFact::value, StartsWith("int")))));
  for (const auto* query : {"backtrace", "locals"})
    expect_it_needs_the_debug_file(staged, *make_drgn(), query, false, {Isolation::when_possible});
}

TEST_F(DrgnOnLibrary, a_changed_member_or_parameter_changes_the_answers) {
  const auto ask = [&](const std::string& text, const char* query) {
    auto staged = build(text);
    return staged.ask(*make_drgn(), query).facts;
  };
  EXPECT_EQ(ask(source, "types"), ask(source, "types")) << "not the same twice";
  std::string changed = source;
  changed.replace(changed.find("high : 7"), 8, "high : 6");
  EXPECT_NE(ask(source, "types"), ask(changed, "types"));
  changed = source;
  changed.replace(changed.find("measure(record *what"), 20, "measure(record *that");
  changed.replace(changed.find("helper(what"), 11, "helper(that");
  EXPECT_NE(ask(source, "functions"), ask(changed, "functions"));
}

// As in C++ code that can throw: drgn gives up the stack, and names the file and a place in it.
TEST_F(DrgnOnLibrary, an_error_names_neither_the_stage_nor_a_place_in_the_file) {
  auto staged = build(R"(
extern int outside(int);
int stuck(int a) {
  __asm__ volatile(".cfi_escape 0x2e, 0x10");
  return outside(a) + a;
}
)");
  const Answered trace = staged.ask(*make_drgn(), "backtrace");
  EXPECT_EQ(trace.end.how, QueryEnd::How::answered) << trace.end.reason;
  EXPECT_THAT(trace.facts, Contains(Field(&TestFact::value, "<unknown DWARF CFI opcode 0x2e>")));
  EXPECT_THAT(trace.facts, testing::Each(Field(&TestFact::value, testing::Not(HasSubstr(".so:")))));
}

}  // namespace
}  // namespace splitstrip
