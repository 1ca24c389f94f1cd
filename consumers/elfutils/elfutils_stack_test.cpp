// Asks the real eu-stack about a fixture's driver, live and as a core file, in a real stage, and
// the same without the debug file.
#include <chrono>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/elfutils/elfutils.h"
#include "consumers/test_sink.h"
#include "elf/elf_file.h"
#include "elf/identity.h"
#include "elf/test_library.h"
#include "run/paths.h"
#include "run/runner.h"
#include "run/scratch.h"

namespace splitstrip {

void PrintTo(Isolation isolation, std::ostream* out) {
  *out << (isolation == Isolation::never ? "private directory" : "isolated");
}

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

auto key(const auto& matcher) {
  return Field(&TestFact::key, matcher);
}

auto value(const auto& matcher) {
  return Field(&TestFact::value, matcher);
}

class ElfutilsStack : public testing::TestWithParam<Isolation> {
 protected:
  ElfutilsStack() {
    std::string why;
    if (GetParam() == Isolation::when_possible && !can_isolate(&why)) skip_ = why;
    testing_support::run({"eu-strip", "-f", file("debug").string(), "-o", file("main").string(),
                          (fixture_ / "libthreads.so").string()});
    content_.file_name = "libthreads.so";
    const ElfFile main = ElfFile::open(file("main"));
    content_.build_id = build_id(main)->hex();
    content_.library = {file("main"), file("debug")};
    content_.driver = fixture_ / "driver";
    subject_.driver = Driver{};
  }

  void SetUp() override {
    if (!skip_.empty()) GTEST_SKIP() << skip_;
  }

  fs::path file(const char* name) const { return scratch_.path() / name; }

  Stage stage(const std::string& name) const {
    return Stage(content_, scratch_.path() / name, scratch_.path() / "root", GetParam());
  }

  fs::path empty_scratch() const {
    fs::remove_all(file("scratch"));
    fs::create_directory(file("scratch"));
    return file("scratch");
  }

  Ending execute(const Stage& where, Command command,
                 const std::function<void(std::string_view)>& answer) const {
    Runner runner(1);
    Runner::Job job;
    job.command = std::move(command);
    job.limits.timeout = std::chrono::seconds(30);
    job.scratch = file("scratch");
    job.stage = &where;
    job.answer = answer;
    Ending ended;
    job.ended = [&](const Ending& ending) { ended = ending; };
    runner.start(std::move(job));
    runner.run();
    return ended;
  }

  void write_core(const Stage& where) {
    const auto core = empty_scratch() / "core";
    Command gdb;
    gdb.argv = {"gdb",
                "-nx",
                "-batch",
                "-iex",
                "set startup-with-shell off",
                "-ex",
                "set environment SPLITSTRIP_PAUSE 1",
                "-ex",
                "set breakpoint pending on",
                "-ex",
                "break pause",
                "-ex",
                "run",
                "-ex",
                "generate-core-file " + core.string(),
                "-ex",
                "kill",
                (where.root() / "bin/driver").string()};
    execute(where, gdb, [](std::string_view) {});
    ASSERT_TRUE(fs::exists(core));
    fs::rename(core, file("core"));
    content_.core = file("core");
  }

  std::vector<TestFact> ask(const Stage& where, const std::string& query) const {
    StagedPair pair;
    pair.root = where.root();
    pair.library = where.root() / "lib/libthreads.so";
    pair.driver = where.root() / "bin/driver";
    pair.debug_root = where.debug_root();
    pair.isolated = where.isolated();
    pair.scratch = empty_scratch();
    pair.core = where.root() / "core";
    const auto elfutils = make_elfutils();
    const std::vector<std::string> queries{query};
    auto runs = elfutils->plan({subject_, pair, queries}, elfutils->detect());
    EXPECT_EQ(runs.size(), 1U);
    TestSink facts;
    const auto ending = execute(where, runs.at(0).command, [&](std::string_view bytes) {
      runs.at(0).reader->read(bytes, facts);
    });
    const auto ends = runs.at(0).reader->finish(ending, facts);
    EXPECT_EQ(ends.at(0).how, QueryEnd::How::answered) << ends.at(0).reason << ending.errors_tail;
    return facts.list;
  }

  void check(const std::string& query) {
    const auto facts = ask(stage("with"), query);
    // Four threads: three that wait, and the one that calls back into the driver.
    EXPECT_THAT(facts, Contains(AllOf(key(HasSubstr("libthreads.so+")), key(EndsWith("functions")),
                                      value("wait_released < wait_at_place")))
                           .Times(3));
    for (const char* function : {"count", "nap", "peruse", "announce < announce_below"})
      EXPECT_THAT(facts, Contains(value(function)));
    EXPECT_THAT(facts, Contains(AllOf(key(HasSubstr(" driver ")), value("all_waiting"))));
    EXPECT_THAT(facts, Contains(AllOf(key(EndsWith("lines")),
                                      value(HasSubstr("fixtures/threads/lib.c:")))));
    EXPECT_THAT(facts, Each(key(Not(HasSubstr("libc")))));
    EXPECT_EQ(facts, ask(stage("again"), query)) << "not the same from run to run";

    content_.library.debug.reset();
    const auto withheld = ask(stage("without"), query);
    EXPECT_THAT(withheld, Not(IsEmpty()));
    EXPECT_THAT(withheld, Each(key(Not(EndsWith("lines")))));
    EXPECT_THAT(withheld, Not(Contains(value(HasSubstr("wait_released")))));
  }

  ScratchDirectory scratch_;
  fs::path fixture_ = data_directory("fixtures") / "threads";
  StageContent content_;
  Subject subject_;
  std::string skip_;
};

TEST_P(ElfutilsStack, shows_the_threads_of_a_live_driver) {
  check("live");
}

TEST_P(ElfutilsStack, shows_the_threads_of_a_core_file) {
  write_core(stage("core-stage"));
  check("core");
}

INSTANTIATE_TEST_SUITE_P(all, ElfutilsStack,
                         testing::Values(Isolation::when_possible, Isolation::never),
                         [](const auto& test) {
                           return test.param == Isolation::never ? "private" : "isolated";
                         });

}  // namespace
}  // namespace splitstrip
