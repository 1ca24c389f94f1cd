// Real lldb on a small library: what it is asked, that each answer needs the debug file, and that a
// fault in it changes them.
#include "consumers/lldb/lldb.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"
#include "run/paths.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using testing_support::Answered;
using testing_support::small_library;
using testing_support::StagedLibrary;

constexpr const char* queries[] = {"types", "functions", "globals", "lines", "scopes"};

class LldbOnLibrary : public testing::Test {
 protected:
  void SetUp() override {
    const auto found = make_lldb()->detect();
    if (!found.available) GTEST_SKIP() << found.reason;
  }
  StagedLibrary build(const char* text = small_library) {
    const auto library = scratch_.path() / "libsmall.so";
    testing_support::build_library(library, text);
    return StagedLibrary(library);
  }
  ScratchDirectory scratch_;
};

auto is(const char* key, const testing::Matcher<const std::string&>& value) {
  return Contains(AllOf(Field(&TestFact::key, key), Field(&TestFact::value, value)));
}

TEST_F(LldbOnLibrary, tells_types_functions_variables_lines_and_scopes) {
  auto staged = build();
  const auto ask = [&](const char* query) {
    const Answered answered = staged.ask(*make_lldb(), query);
    EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
    std::set<std::string> keys;
    for (const auto& fact : answered.facts)
      EXPECT_TRUE(keys.insert(fact.key).second) << fact.key << " came twice";
    return answered.facts;
  };
  const auto types = ask("types");
  EXPECT_THAT(types, is("struct flags",
                        "struct, 8 bytes: low unsigned int bit 0 size 3; high unsigned int bit 3 "
                        "size 7; colour colour @4"));
  EXPECT_THAT(types, is("enum colour", "enum, 4 bytes: red = 0, green = 5, blue = -1"));
  // lldb calls a struct without a name by its typedef's.
  EXPECT_THAT(types, is("typedef record", "typedef, 40 bytes: record"));
  EXPECT_THAT(types, is("struct record",
                        "struct, 40 bytes: flags flags @0; numbers number[3] @8; "
                        "call int (*)(int, char *) @32"));
  const auto functions = ask("functions");
  EXPECT_THAT(functions, is("measure", AllOf(HasSubstr("long (record *, int)"),
                                             HasSubstr("libsmall.so.c:19; at 0x"))));
  EXPECT_THAT(functions, is("helper", HasSubstr("record * from")));
  const auto globals = ask("globals");
  EXPECT_THAT(globals, is("own", HasSubstr("thread-local")));
  EXPECT_THAT(globals, is("last", HasSubstr("colour = green")));
  EXPECT_THAT(ask("lines"), Contains(Field(&TestFact::value, HasSubstr("libsmall.so.c:16:"))));
  const auto scopes = ask("scopes");
  EXPECT_THAT(scopes,
              Contains(AllOf(Field(&TestFact::key, EndsWith("helper/doubled")),
                             Field(&TestFact::value, AllOf(HasSubstr("inlined doubled called at"),
                                                           HasSubstr("int twice"))))));
  EXPECT_THAT(scopes, Contains(AllOf(Field(&TestFact::key, StartsWith("at 0x")),
                                     Field(&TestFact::value, HasSubstr("by in DW_OP_reg")))));
}

TEST_F(LldbOnLibrary, finds_the_debug_file_with_and_without_namespaces_and_nothing_without_it) {
  auto staged = build();
  const auto look = [&](const char* query, Isolation isolation) {
    const Answered with = staged.ask(*make_lldb(), query, {.isolation = isolation});
    EXPECT_THAT(with.facts, Not(IsEmpty())) << query;
    const Answered without =
        staged.ask(*make_lldb(), query, {.withheld = true, .isolation = isolation});
    EXPECT_EQ(without.end.how, QueryEnd::How::answered) << without.end.reason;
    EXPECT_THAT(without.facts, IsEmpty()) << query;
  };
  for (const auto* query : queries) look(query, Isolation::when_possible);
  look("lines", Isolation::never);
}

TEST_F(LldbOnLibrary, walks_made_up_stacks_with_inlined_calls_and_locals) {
  auto staged = build();
  const Answered trace = staged.ask(*make_lldb(), "backtrace");
  EXPECT_EQ(trace.end.how, QueryEnd::How::answered) << trace.end.reason;
  EXPECT_THAT(trace.facts, Contains(AllOf(Field(&TestFact::key, StartsWith("0x")),
                                          Field(&TestFact::value, StartsWith("measure at ")))));
  EXPECT_THAT(trace.facts, Contains(AllOf(Field(&TestFact::key, StartsWith("top 0x")),
                                          Field(&TestFact::value, StartsWith("doubled")))));
  EXPECT_THAT(trace.facts, Contains(AllOf(Field(&TestFact::key, EndsWith(" #1")),
                                          Field(&TestFact::value, StartsWith("helper at ")))));
  EXPECT_THAT(staged.ask(*make_lldb(), "locals").facts,
              Contains(AllOf(Field(&TestFact::key, HasSubstr(" by")),
                             Field(&TestFact::value, HasSubstr("int")))));
  for (const auto* query : {"backtrace", "locals"})
    expect_it_needs_the_debug_file(staged, *make_lldb(), query, false, {Isolation::when_possible});
}

TEST_F(LldbOnLibrary, a_changed_member_line_or_parameter_changes_the_answers) {
  const auto whole = [&](const char* text) {
    auto staged = build(text);
    std::vector<TestFact> all;
    for (const auto* query : {"types", "functions", "lines"}) {
      const auto facts = staged.ask(*make_lldb(), query).facts;
      all.insert(all.end(), facts.begin(), facts.end());
    }
    return all;
  };
  const auto before = whole(small_library);
  EXPECT_EQ(before, whole(small_library)) << "not the same twice";
  std::string changed = small_library;
  changed.replace(changed.find("high : 7"), 8, "high : 6");
  EXPECT_NE(before, whole(changed.c_str()));
  changed = small_library;
  changed.insert(changed.find("long measure"), "\n");
  EXPECT_NE(before, whole(changed.c_str()));
}

TEST_F(LldbOnLibrary, runs_the_driver_and_sees_breakpoints_returned_values_and_threads) {
  const auto fixture = data_directory("fixtures") / "threads";
  Driver driver;
  driver.program = fixture / "driver";
  driver.break_functions = {"threads_start", "wait_at_place"};
  driver.finish_functions = {"announce_below"};
  driver.step_from = "threads_finish";
  StagedLibrary staged(fixture / "libthreads.so", driver);
  const Answered answered = staged.ask(*make_lldb(), "live");
  ASSERT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
  EXPECT_THAT(answered.facts,
              is("break threads_start hit 1 #0", HasSubstr("at fixtures/threads/lib.c:")));
  EXPECT_THAT(answered.facts, is("break threads_start hit 1 #1", "main in driver"));
  EXPECT_THAT(answered.facts,
              is("finish announce_below hit 1 returns", HasSubstr("returned int = 204")));
  EXPECT_THAT(answered.keys("step "), Not(IsEmpty()));
  for (const char* function : {"count", "nap", "peruse", "announce"})
    EXPECT_THAT(
        answered.facts,
        Contains(AllOf(Field(&TestFact::key, StartsWith("paused thread ")),
                       Field(&TestFact::value, AllOf(StartsWith(function), HasSubstr("lib.c:"))))));
  EXPECT_EQ(answered.facts, staged.ask(*make_lldb(), "live").facts) << "not the same twice";

  const Answered withheld = staged.ask(*make_lldb(), "live", {.withheld = true});
  EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
  EXPECT_LT(withheld.facts.size(), answered.facts.size() / 2);
}

}  // namespace
}  // namespace splitstrip
