// gdb and eu-stack on made-up stacks: every call is told, with what only the debug file knows, and
// a core of another process is an error.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/elfutils/elfutils.h"
#include "consumers/gdb/gdb.h"
#include "consumers/staged_library.h"
#include "elf/elf_file.h"
#include "elf/test_library.h"
#include "synth/architectures.h"
#include "synth/call_sites.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const char* const source = R"(
extern int outside(const void *, int);
int table[3] = {7, 8, 9};
static inline __attribute__((always_inline)) int inner(int value) {
  int twice = value * 2;
  return outside(&twice, value) + twice;
}
__attribute__((noinline)) static int hidden(int *from, int by) {
  static int calls;
  long here = by + ++calls;
  return inner(from[by]) + outside(&here, by) + by;
}
int visible(int by) { return hidden(table, by) + 1; }
)";

class MadeUpStacks : public testing::Test {
 protected:
  MadeUpStacks() { build_library(library_, source, {"-O1"}); }

  // The keys that the calls of the library's own code must have.
  std::vector<std::string> places() const {
    std::vector<std::string> keys;
    const ElfFile elf = ElfFile::open(library_);
    for (const auto& call : synth::find_calls(elf, synth::x86_64()))
      keys.push_back(fmt::format("{:#x}", call.returns_to));
    return keys;
  }
  Answered ask(const Consumer& consumer, const std::string& query, const Asked& asked = {}) {
    return StagedLibrary(library_).ask(consumer, query, asked);
  }

  ScratchDirectory scratch_;
  std::filesystem::path library_ = scratch_.path() / "libsmall.so";
};

TEST_F(MadeUpStacks, gdb_tells_every_call_with_what_is_inlined_there) {
  const auto gdb = make_gdb();
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    Asked asked;
    asked.isolation = isolation;
    const auto told = ask(*gdb, "backtrace", asked);
    EXPECT_EQ(told.end.how, QueryEnd::How::answered) << told.end.reason;
    std::vector<std::string> keys;
    std::string all;
    for (const auto& fact : told.facts) {
      keys.push_back(fact.key);
      all += fact.value + "\n";
    }
    for (const auto& place : places()) EXPECT_THAT(keys, Contains(place));
    EXPECT_THAT(keys, Contains(StartsWith("top 0x")));
    EXPECT_THAT(all, HasSubstr("inner at "));
    EXPECT_THAT(all, HasSubstr("libsmall.so.c:6 < hidden at "));
  }
}

TEST_F(MadeUpStacks, gdb_tells_type_place_and_value_of_variables) {
  const auto gdb = make_gdb();
  const auto told = ask(*gdb, "locals");
  EXPECT_EQ(told.end.how, QueryEnd::How::answered) << told.end.reason;
  std::string all;
  for (const auto& fact : told.facts) all += fact.key + " = " + fact.value + "\n";
  for (const auto* text : {" argument by:8 = int, ", " local here:10 = long, in memory, ",
                           " local calls:9 = int, static, 0", " #1 argument from:8 = int *, "})
    EXPECT_THAT(all, HasSubstr(text));
}

TEST_F(MadeUpStacks, nothing_is_told_of_lines_and_variables_without_the_debug_file) {
  Asked asked;
  asked.withheld = true;
  const auto gdb = make_gdb();
  EXPECT_THAT(ask(*gdb, "locals", asked).facts, IsEmpty());
  for (const auto& fact : ask(*gdb, "backtrace", asked).facts)
    EXPECT_THAT(fact.value, Not(HasSubstr(".c:")));
  const auto elfutils = make_elfutils();
  for (const auto& fact : ask(*elfutils, "backtrace", asked).facts)
    EXPECT_THAT(fact.key, Not(HasSubstr("lines")));
}

TEST_F(MadeUpStacks, a_recipe_that_blinds_them_shows) {
  Asked asked;
  asked.recipe = "types-dwarf";
  const auto gdb = make_gdb();
  const auto elfutils = make_elfutils();
  EXPECT_NE(ask(*gdb, "backtrace", asked).facts, ask(*gdb, "backtrace").facts);
  EXPECT_NE(ask(*gdb, "locals", asked).facts, ask(*gdb, "locals").facts);
  EXPECT_NE(ask(*elfutils, "backtrace", asked).facts, ask(*elfutils, "backtrace").facts);
}

TEST_F(MadeUpStacks, eu_stack_tells_every_call_with_what_is_inlined_there) {
  const auto elfutils = make_elfutils();
  for (const auto isolation : {Isolation::when_possible, Isolation::never}) {
    Asked asked;
    asked.isolation = isolation;
    const auto told = ask(*elfutils, "backtrace", asked);
    EXPECT_EQ(told.end.how, QueryEnd::How::answered) << told.end.reason;
    std::vector<std::string> keys;
    std::string all;
    for (const auto& fact : told.facts) {
      keys.push_back(fact.key);
      all += fact.value + "\n";
    }
    for (const auto& place : places()) EXPECT_THAT(keys, Contains(place + " functions"));
    EXPECT_THAT(keys, Contains(StartsWith("top 0x")));
    EXPECT_THAT(all, HasSubstr("inner < hidden"));
  }
}

TEST_F(MadeUpStacks, a_core_of_another_process_is_an_error) {
  const auto other = scratch_.path() / "libother.so";
  build_library(other, small_source);
  Asked asked;
  asked.other_process = other;
  const auto gdb = make_gdb();
  const auto elfutils = make_elfutils();
  const auto by_gdb = ask(*gdb, "backtrace", asked);
  EXPECT_EQ(by_gdb.end.how, QueryEnd::How::failed);
  EXPECT_THAT(by_gdb.end.reason, HasSubstr("no core of a process that loaded libsmall.so"));
  const auto by_elfutils = ask(*elfutils, "backtrace", asked);
  EXPECT_EQ(by_elfutils.end.how, QueryEnd::How::failed);
  EXPECT_THAT(by_elfutils.end.reason, HasSubstr("eu-stack showed no frame of libsmall.so"));
}

}  // namespace
}  // namespace splitstrip
