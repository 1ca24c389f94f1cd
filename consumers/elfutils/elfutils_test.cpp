// Asks the real eu-addr2line about a small pair, and about the same pair without its debug file.
#include "consumers/elfutils/elfutils.h"

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"
#include "elf/test_library.h"
#include "run/program.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* source = R"(
extern int printf(const char *, ...);
static inline __attribute__((always_inline)) int inner(int a) { return printf("%d", a) + 1; }
static __attribute__((noinline)) int hidden_away(int a) { return inner(a) * 3; }
int exported(int a) { return hidden_away(a) + 2; }
)";

// A pair in a directory, as a stage that is not isolated.
class Staged {
 public:
  Staged() {
    testing_support::build_library(unstripped_, source);
    fs::create_directories(pair_.root / "lib");
    fs::create_directories(debug_);
    testing_support::run({"eu-strip", "-f", (directory_.path() / "debug-file").string(), "-o",
                          pair_.library.string(), unstripped_.string()});
    const auto id = build_id();
    fs::create_directories(debug_ / ".build-id" / id.substr(0, 2));
    fs::rename(directory_.path() / "debug-file",
               debug_ / ".build-id" / id.substr(0, 2) / (id.substr(2) + ".debug"));
    subject_.unstripped = unstripped_;
  }

  void withhold() { pair_.debug_root = directory_.path() / "nothing"; }

  std::vector<TestFact> ask(const std::string& query) {
    const auto elfutils = make_elfutils();
    const Detection found = elfutils->detect();
    EXPECT_TRUE(found.available) << found.reason;
    fs::remove_all(pair_.scratch);
    fs::create_directories(pair_.scratch);
    const std::vector<std::string> queries{query};
    auto runs = elfutils->plan({subject_, pair_, queries}, found);
    EXPECT_EQ(runs.size(), 1U);
    Run& run = runs.at(0);
    // As arguments, not as standard input: eu-addr2line makes no difference.
    auto argv = run.command.argv;
    std::ifstream addresses(run.command.standard_input.value());
    for (std::string address; std::getline(addresses, address);) argv.push_back(address);
    TestSink facts;
    run.reader->read(Program::start(argv).wait().output, facts);  // 1 if it did not know an address
    Ending ending;
    ending.how = Ending::How::exited;
    const auto ends = run.reader->finish(ending, facts);
    EXPECT_EQ(ends.at(0).how, QueryEnd::How::answered) << ends.at(0).reason;
    return facts.list;
  }

 private:
  std::string build_id() const {
    const auto notes = testing_support::run({"eu-readelf", "-n", unstripped_.string()});
    const auto at = notes.find("Build ID: ") + 10;
    return notes.substr(at, notes.find('\n', at) - at);
  }

  ScratchDirectory directory_;
  fs::path unstripped_ = directory_.path() / "libsmall.so";
  fs::path debug_ = directory_.path() / "debug";
  Subject subject_;
  StagedPair pair_{.root = directory_.path() / "root",
                   .library = directory_.path() / "root/lib/libsmall.so",
                   .driver = {},
                   .debug_root = debug_,
                   .isolated = false,
                   .scratch = directory_.path() / "scratch",
                   .reference_library = {},
                   .reference_debug_root = {},
                   .broken_library = {},
                   .broken_debug_root = {},
                   .core = {},
                   .synthetic_cores = {}};
};

auto key(const auto& matcher) {
  return Field(&TestFact::key, matcher);
}

auto value(const auto& matcher) {
  return Field(&TestFact::value, matcher);
}

TEST(Elfutils, tells_functions_lines_and_inlined_callers) {
  Staged staged;
  const auto facts = staged.ask("addresses");
  EXPECT_THAT(facts, Contains(value("exported")));
  EXPECT_THAT(facts, Contains(value(StartsWith("inner inlined at"))));
  EXPECT_THAT(facts,
              Contains(AllOf(key(EndsWith(" inlined")), value(StartsWith("hidden_away at ")))));
  EXPECT_THAT(facts, Contains(AllOf(key(EndsWith(" line")), value(HasSubstr(".c:5:")))));
  EXPECT_EQ(facts, staged.ask("addresses")) << "not the same from run to run";
}

TEST(Elfutils, tells_symbols) {
  Staged staged;
  EXPECT_THAT(staged.ask("symbols"),
              Contains(AllOf(key(EndsWith(" symbol")), value(StartsWith("hidden_away")))));
}

TEST(Elfutils, without_the_debug_file_only_the_exported_names_are_left) {
  Staged staged;
  staged.withhold();
  for (const auto* query : {"addresses", "symbols"}) {
    const auto facts = staged.ask(query);
    EXPECT_THAT(facts, Not(IsEmpty()));
    EXPECT_THAT(facts, Each(AnyOf(value(StartsWith("exported")), value(StartsWith("_init")),
                                  value(StartsWith("_fini")))));
    EXPECT_THAT(facts, Each(key(Not(EndsWith(" line")))));
  }
}

TEST(Elfutils, needs_a_core_for_the_query_that_reads_one) {
  const auto elfutils = make_elfutils();
  EXPECT_TRUE(elfutils->needs("core").core);
  EXPECT_FALSE(elfutils->needs("backtrace").core);
}

}  // namespace
}  // namespace splitstrip
