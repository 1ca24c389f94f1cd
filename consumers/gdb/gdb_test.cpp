// Real gdb on small libraries: what it is asked, and that each answer needs the debug file.
#include "consumers/gdb/gdb.h"

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/gdb/test_stage.h"
#include "consumers/staged_library.h"
#include "elf/symbols.h"
#include "elf/test_library.h"
#include "run/paths.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Pair;
using testing::StartsWith;

const std::vector<std::string> all_static{"types", "functions", "globals",
                                          "lines", "scopes",    "macros"};

class GdbOnLibrary : public testing::Test {
 protected:
  GdbOnLibrary() {
    testing_support::build_library(scratch.path() / "libsmall.so", testing_support::small_library,
                                   {"-g3"});
  }
  void SetUp() override {
    const auto found = make_gdb()->detect();
    if (!found.available) GTEST_SKIP() << found.reason;
  }

  ScratchDirectory scratch;
};

TEST_F(GdbOnLibrary, answers_every_query_with_keys_that_are_unique) {
  testing_support::GdbStage stage(scratch.path() / "libsmall.so", {});
  const auto answers = stage.ask(all_static);
  for (const auto& end : answers.ends)
    EXPECT_EQ(end.how, QueryEnd::How::answered) << end.query << ": " << end.reason;
  EXPECT_EQ(answers.ends.size(), all_static.size());
  EXPECT_THAT(answers.repeated, IsEmpty());

  const auto& types = answers.facts.at("types");
  EXPECT_THAT(types, Contains(Pair(StartsWith("struct flags ["),
                                   "struct, 8 bytes, aligned 4: low unsigned int bit 0 size 3; "
                                   "high unsigned int bit 3 size 7; colour enum colour @4")));
  EXPECT_THAT(types, Contains(Pair(StartsWith("enum colour ["),
                                   "enum, 4 bytes, aligned 4: red = 0, green = 5, blue = -1")));
  EXPECT_THAT(types, Contains(Pair(StartsWith("typedef record ["),
                                   AllOf(HasSubstr("typedef, 40 bytes"),
                                         HasSubstr("numbers union number [3] @8"),
                                         HasSubstr("call int (*)(int, char *) @32")))));
  EXPECT_THAT(types, Contains(Pair("by name: union number",
                                   "union, 8 bytes, aligned 8: i int @0; d double @0")));
  EXPECT_THAT(answers.facts.at("functions"),
              Contains(Pair("measure", AllOf(HasSubstr("long (record *, int)"),
                                             HasSubstr("record * what, int by"),
                                             HasSubstr("libsmall.so.c:19; at 0x")))));
  const auto& globals = answers.facts.at("globals");
  EXPECT_THAT(globals, Contains(Pair("own", HasSubstr("thread-local"))));
  EXPECT_THAT(globals, Contains(Pair("last", HasSubstr("colour = green"))));
  EXPECT_THAT(
      answers.facts.at("scopes"),
      Contains(Pair(HasSubstr("helper/doubled"),
                    AllOf(HasSubstr("inlined doubled called at"), HasSubstr("int twice")))));
  EXPECT_THAT(answers.facts.at("lines"), Contains(Key(HasSubstr("libsmall.so.c 0x"))));
  EXPECT_GT(answers.facts.at("macros").size(), 50U);
}

TEST_F(GdbOnLibrary, without_the_debug_file_nothing_is_answered) {
  testing_support::GdbStage stage(scratch.path() / "libsmall.so", {});
  stage.withhold_debug();
  const auto answers = stage.ask(all_static);
  for (const auto& end : answers.ends) EXPECT_EQ(end.how, QueryEnd::How::answered) << end.reason;
  EXPECT_THAT(answers.facts, IsEmpty());
}

TEST_F(GdbOnLibrary, says_the_same_twice) {
  testing_support::GdbStage stage(scratch.path() / "libsmall.so", {});
  const auto once = stage.ask(all_static);
  EXPECT_EQ(once.facts, stage.ask(all_static).facts);
  EXPECT_THAT(once.errors, IsEmpty());
}

// What gdb says is the function at an address where a linker folded several must not depend on what
// it was asked before.
TEST_F(GdbOnLibrary, folded_functions_are_the_same_after_any_question) {
  if (!std::filesystem::exists("/usr/bin/ld.gold")) GTEST_SKIP() << "needs ld.gold";
  const auto library = scratch.path() / "libfolded.so";
  std::vector<std::string> command{"gcc",
                                   "-g",
                                   "-O1",
                                   "-fPIC",
                                   "-shared",
                                   "-ffunction-sections",
                                   "-fuse-ld=gold",
                                   "-Wl,--icf=all",
                                   "-o",
                                   library.string()};
  for (const std::string name : {"one", "two", "three"}) {
    const auto source = scratch.path() / (name + ".c");
    std::ofstream(source) << "extern int outside(int);\nstatic int s_" << name << " = 2;\n"
                          << "int *p_" << name << "(void) { return &s_" << name << "; }\n"
                          << "int f_" << name << "(int a) { return outside(outside(a) + 3); }\n";
    command.push_back(source.string());
  }
  testing_support::run(command);
  std::map<std::string, std::uint64_t> addresses;
  const ElfFile elf = ElfFile::open(library);
  for (const Symbol& symbol : exported_symbols(elf))
    addresses[std::string(symbol.name)] = symbol.value;
  ASSERT_EQ(addresses.at("f_one"), addresses.at("f_three")) << "not folded";

  const auto after = [&](const std::string& question, bool read_all) {
    const std::string script = "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, '" +
                               (data_directory("gdb-scripts")).string() +
                               "'); from splitstrip import walk; " +
                               (read_all ? "walk.read_all(); " : "") + "gdb.execute('" + question +
                               "', to_string=True); print('it is', gdb.block_for_pc(" +
                               std::to_string(addresses.at("f_one")) + ").function)";
    const std::string said = testing_support::run({"gdb", "-nx", "-nh", "-batch", "-q", "-iex",
                                                   "set debuginfod enabled off", library.string(),
                                                   "-ex", "python " + script});
    return said.substr(said.find("it is"));
  };
  EXPECT_NE(after("print s_two", false), after("print s_three", false)) << "nothing to mend";
  EXPECT_EQ(after("print s_two", true), after("print s_three", true));
  EXPECT_EQ(after("print s_two", true), after("print s_one", true));
}

}  // namespace
}  // namespace splitstrip
