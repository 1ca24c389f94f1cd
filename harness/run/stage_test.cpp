#include "run/stage.h"

#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/error.h"
#include "run/program.h"
#include "run/runner.h"
#include "run/runtime_debug.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* id = "00112233445566778899aabbccddeeff00112233";
constexpr const char* other_id = "ffeeddccbbaa99887766554433221100ffeeddcc";

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class StageTest : public testing::Test {
 protected:
  StageTest() {
    fs::create_directory(scratch_.path() / "run");
    for (const char* name : {"main", "debug", "driver", "core", "reference", "alt"})
      std::ofstream(scratch_.path() / name) << name;
    content_.file_name = "libfoo.so.1";
    content_.build_id = id;
    content_.library = {file("main"), file("debug")};
  }

  fs::path file(const char* name) const { return scratch_.path() / name; }
  Stage make(Isolation isolation) const {
    return Stage(content_, scratch_.path() / "stage", scratch_.path() / "root", isolation);
  }

  // What a shell prints in the stage.
  std::string in_stage(const Stage& stage, const std::string& script) {
    Runner runner(1);
    Runner::Job job;
    job.command.argv = {"sh", "-c", script};
    job.limits.timeout = std::chrono::seconds(60);
    job.scratch = scratch_.path() / "run";
    job.stage = &stage;
    std::string answer;
    job.answer = [&](std::string_view bytes) { answer += bytes; };
    job.ended = [&](const Ending& ending) {
      EXPECT_EQ(ending.how, Ending::How::exited) << ending.reason;
    };
    runner.start(std::move(job));
    runner.run();
    return answer;
  }

  ScratchDirectory scratch_;
  StageContent content_;
};

TEST_F(StageTest, isolated_shows_the_pair_at_the_installed_places_and_nothing_else_of_the_machine) {
  std::string why;
  if (!can_isolate(&why)) GTEST_SKIP() << why;
  content_.driver = file("driver");
  content_.core = file("core");
  content_.reference = StageLibrary{file("reference"), file("debug")};
  const Stage stage = make(Isolation::when_possible);
  ASSERT_TRUE(stage.isolated());
  const std::string root = stage.root().string();
  EXPECT_EQ(stage.debug_root(), "/usr/lib/debug");
  EXPECT_EQ(
      in_stage(stage, "cd " + root + "; cat lib/libfoo.so.1 bin/driver core " +
                          "reference/lib/libfoo.so.1 /usr/lib/debug/.build-id/00/112*.debug " +
                          "reference/debug/.build-id/00/112*.debug"),
      "maindrivercorereferencedebugdebug");
  // The machine's own: only those of the dynamic linker and libc, if it has them.
  std::size_t kept = 0;
  for (const auto& runtime : runtime_build_ids())
    kept += fs::exists("/usr/lib/debug/.build-id/" + runtime.substr(0, 2) + "/" +
                       runtime.substr(2) + ".debug");
  EXPECT_EQ(in_stage(stage, "find /usr/lib/debug -type f | wc -l"),
            std::to_string(kept + 1) + "\n");
  EXPECT_EQ(in_stage(stage, "find /usr/lib/debug -type f -size +100k | wc -l"),
            std::to_string(kept) + "\n");
  EXPECT_TRUE(fs::is_empty(scratch_.path() / "root")) << "the mounts must not show outside";
}

TEST_F(StageTest, a_withheld_debug_file_is_nowhere) {
  content_.library.debug.reset();
  for (const Isolation isolation : {Isolation::when_possible, Isolation::never}) {
    const Stage stage(content_, scratch_.path() / (isolation == Isolation::never ? "a" : "b"),
                      scratch_.path() / "root", isolation);
    EXPECT_EQ(in_stage(stage, "find " + stage.debug_root().string() + " " + stage.root().string() +
                                  " -name '*112233*' -o -name '*ddccbb*' -o -name .debug"),
              "");
  }
}

// It does not where it cannot see the symbols of the dynamic linker, as Debian strips that.
TEST_F(StageTest, valgrind_starts_in_it) {
  if (!program_exists("valgrind")) GTEST_SKIP() << "no valgrind";
  const Stage stage = make(Isolation::when_possible);
  EXPECT_EQ(in_stage(stage, "valgrind -q /bin/echo started 2>&1"), "started\n");
}

TEST_F(StageTest, nothing_in_an_isolated_stage_can_be_written_to) {
  std::string why;
  if (!can_isolate(&why)) GTEST_SKIP() << why;
  const Stage stage = make(Isolation::when_possible);
  EXPECT_THAT(in_stage(stage, "(echo x > " + stage.root().string() +
                                  "/lib/libfoo.so.1) 2>&1; (echo x > /usr/lib/debug/x) 2>&1"),
              AllOf(HasSubstr("libfoo.so.1: Read-only"), HasSubstr("debug/x: Read-only")));
  EXPECT_EQ(content_of(file("main")), "main");
}

TEST_F(StageTest, not_isolated_is_a_private_directory_with_a_build_id_of_its_own) {
  std::string renamed;
  content_.set_build_id = [&](const fs::path& main, const std::optional<fs::path>& debug,
                              const std::string& build_id) {
    std::ofstream(main, std::ios::app) << "+";
    if (debug) std::ofstream(*debug, std::ios::app) << "+";
    renamed = build_id;
  };
  const Stage stage = make(Isolation::never);
  EXPECT_FALSE(stage.isolated());
  EXPECT_EQ(stage.root(), scratch_.path() / "stage");
  EXPECT_EQ(stage.debug_root(), stage.root() / "debug");
  EXPECT_EQ(renamed, other_id);
  EXPECT_EQ(stage.build_id(), other_id);
  EXPECT_EQ(content_of(stage.root() / "lib" / "libfoo.so.1"), "main+");
  EXPECT_EQ(content_of(stage.root() / "lib" / ".debug" / "libfoo.so.1.debug"), "debug+");
  EXPECT_EQ(content_of(stage.debug_root() / ".build-id" / "ff" /
                       (std::string(other_id).substr(2) + ".debug")),
            "debug+");
  EXPECT_EQ(content_of(file("main")), "main") << "the original must not change";
  EXPECT_EQ(content_of(file("debug")), "debug");
  EXPECT_EQ(in_stage(stage, "cat " + stage.root().string() + "/lib/libfoo.so.1"), "main+");
}

TEST_F(StageTest, the_alternate_file_lies_where_the_record_leads) {
  content_.alt_file = file("alt");
  content_.alt_recorded = "/usr/lib/debug/.dwz/x86_64-linux-gnu/foo.debug";
  const Stage absolute(content_, scratch_.path() / "a", scratch_.path() / "root");
  EXPECT_EQ(content_of(scratch_.path() / "a/debug/.dwz/x86_64-linux-gnu/foo.debug"), "alt");

  content_.alt_recorded = "../../../.dwz/foo-1.x86_64";
  const Stage relative(content_, scratch_.path() / "b", scratch_.path() / "root");
  const fs::path debug = fs::canonical(scratch_.path() / "b/debug/.build-id/00" /
                                       (std::string(id).substr(2) + ".debug"));
  EXPECT_EQ(content_of(debug), "debug");
  EXPECT_EQ(content_of(debug.parent_path() / *content_.alt_recorded), "alt");

  content_.library.debug.reset();
  const Stage withheld(content_, scratch_.path() / "c", scratch_.path() / "root");
  EXPECT_FALSE(fs::exists(scratch_.path() / "c/debug/.dwz"));
}

TEST_F(StageTest, split_dwarf_lies_wherever_a_consumer_looks) {
  for (const char* name : {"dwo", "dwp"}) std::ofstream(file(name)) << name;
  content_.dwo_files = {{"lib.dwo", "/usr/lib/debug/.dwo/foo", file("dwo")},
                        {"../../../escape.dwo", "/home/build", file("dwo")}};
  const Stage stage(content_, scratch_.path() / "a", scratch_.path() / "root");
  const fs::path debug = scratch_.path() / "a/debug";
  for (const char* name : {".dwo/foo/lib.dwo", "lib.dwo", ".build-id/00/lib.dwo", "escape.dwo"})
    EXPECT_EQ(content_of(debug / name), "dwo") << name;
  EXPECT_FALSE(fs::exists(scratch_.path() / "escape.dwo"));

  content_.dwo_files.clear();
  content_.dwp_file = file("dwp");
  const Stage package(content_, scratch_.path() / "b", scratch_.path() / "root");
  // What is mounted at the root is seen from outside where it lies.
  const auto seen = [](const Stage& of, const fs::path& directory) {
    return (of.isolated() ? directory / "root" : of.root()) / "lib/libfoo.so.1.dwp";
  };
  EXPECT_EQ(content_of(seen(package, scratch_.path() / "b")), "dwp");

  content_.library.debug.reset();
  const Stage withheld(content_, scratch_.path() / "c", scratch_.path() / "root");
  EXPECT_FALSE(fs::exists(seen(withheld, scratch_.path() / "c")));
}

TEST_F(StageTest, without_a_build_id_the_debug_file_lies_by_path) {
  content_.build_id.clear();
  content_.debuglink = "foo.dbg";
  const Stage stage = make(Isolation::never);
  EXPECT_EQ(content_of(stage.debug_root() / stage.root().relative_path() / "lib" / "foo.dbg"),
            "debug");
  EXPECT_EQ(content_of(stage.root() / "lib" / ".debug" / "foo.dbg"), "debug");
}

TEST_F(StageTest, refuses_names_that_lead_elsewhere_and_files_that_are_not_there) {
  const auto message = [&] {
    fs::remove_all(scratch_.path() / "stage");
    try {
      make(Isolation::never);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  content_.build_id = "../../../etc/x";
  EXPECT_THAT(message(), HasSubstr("no build-id"));
  content_.build_id = id;
  content_.file_name = "../x";
  EXPECT_THAT(message(), HasSubstr("no name for a library"));
  content_.file_name = "libfoo.so.1";
  content_.driver = "/nowhere/driver";
  EXPECT_THAT(message(), HasSubstr("/nowhere/driver"));
}

TEST(Isolation, can_be_forbidden_and_says_so) {
  setenv("SPLITSTRIP_NO_NAMESPACE", "1", 1);
  std::string why;
  EXPECT_FALSE(can_isolate(&why));
  EXPECT_THAT(why, HasSubstr("SPLITSTRIP_NO_NAMESPACE"));
  unsetenv("SPLITSTRIP_NO_NAMESPACE");
}

class StageFoundBy : public StageTest {
 protected:
  // Where the debug file of `debug` lies in the stage, with and without the namespace.
  std::string debug_files(Isolation isolation) {
    const Stage stage = make(isolation);
    return in_stage(stage, "cd " + stage.root().string() + " && find lib " +
                               stage.debug_root().string() +
                               " -type f -name '*.debug' -size -2 -exec grep -l debug {} +; true") +
           fmt::format("served: {}", fs::is_empty(stage.served()) ? "" : "yes");
  }
};

TEST_F(StageFoundBy, each_way_lays_the_debug_file_in_one_place) {
  content_.debuglink = "foo.debug";
  const std::string root = (scratch_.path() / "root").string();
  const std::pair<FoundBy, std::string> expected[] = {
      {FoundBy::build_id,
       "/usr/lib/debug/.build-id/00/" + std::string(id).substr(2) + ".debug\nserved: "},
      {FoundBy::debuglink, "lib/foo.debug\nserved: "},
      {FoundBy::dot_debug, "lib/.debug/foo.debug\nserved: "},
      {FoundBy::debug_path, "/usr/lib/debug" + root + "/lib/foo.debug\nserved: "},
      {FoundBy::debuginfod, "served: yes"},
  };
  if (!can_isolate()) GTEST_SKIP() << "no namespaces here";
  for (const auto& [way, places] : expected) {
    content_.found_by = way;
    EXPECT_EQ(debug_files(Isolation::when_possible), places) << to_string(way);
    fs::remove_all(scratch_.path() / "stage");
    fs::remove_all(scratch_.path() / "root");
  }
}

TEST_F(StageFoundBy, without_a_namespace_only_the_first_way_has_a_second_place) {
  content_.debuglink = "foo.debug";
  const std::string stage = (scratch_.path() / "stage").string();
  const std::pair<FoundBy, std::string> expected[] = {
      {FoundBy::debuglink, "lib/foo.debug\nserved: "},
      {FoundBy::dot_debug, "lib/.debug/foo.debug\nserved: "},
      {FoundBy::debug_path, stage + "/debug" + stage + "/lib/foo.debug\nserved: "},
      {FoundBy::debuginfod, "served: yes"},
  };
  for (const auto& [way, places] : expected) {
    content_.found_by = way;
    EXPECT_EQ(debug_files(Isolation::never), places) << to_string(way);
    fs::remove_all(scratch_.path() / "stage");
  }
}

TEST_F(StageFoundBy, the_reference_is_always_found_by_build_id_and_the_broken_pair_as_the_pair) {
  content_.found_by = FoundBy::debuginfod;
  content_.reference = StageLibrary{file("reference"), file("debug")};
  content_.broken = StageLibrary{file("main"), file("debug")};
  const Stage stage = make(Isolation::never);
  EXPECT_EQ(
      in_stage(stage,
               "cd " + stage.root().string() +
                   " && find reference/debug broken -type f -name '*.debug' && ls served/broken"),
      "reference/debug/.build-id/00/" + std::string(id).substr(2) + ".debug\nlibfoo.so.1.debug\n");
}

TEST_F(StageFoundBy, dwz_common_file_is_found_when_its_relative_record_leads_nowhere) {
  content_.alt_recorded = "../../.dwz/foo";
  content_.alt_file = file("alt");
  content_.alt_build_id = other_id;
  content_.found_by = FoundBy::debuglink;
  const Stage stage = make(Isolation::never);
  EXPECT_EQ(in_stage(stage, "cat " + stage.debug_root().string() + "/.build-id/ff/*.debug"), "alt");
}

}  // namespace
}  // namespace splitstrip
