// Consumers that do not say the same each time, or that what they say depends on what they were
// asked before: played by scripts that stand before the real ones in PATH.
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class AskedAgain : public testing::Test {
 protected:
  AskedAgain() : library_(path("libsmall.so")) {
    testing_support::build_library(library_, testing_support::small_source);
    fs::create_directory(path("bin"));
    old_path_ = std::getenv("PATH");
    setenv("PATH", (path("bin").string() + ":" + old_path_).c_str(), 1);
  }
  ~AskedAgain() override { setenv("PATH", old_path_.c_str(), 1); }

  fs::path path(const std::string& name) const { return scratch_.path() / name; }

  void script(const std::string& name, const std::string& text) const {
    const auto file = path("bin") / name;
    std::ofstream(file) << text;
    fs::permissions(file, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec |
                              fs::perms::others_read);
  }

  // The real pahole, but for those of its runs that `cases` names by their number: "3) …;;". With
  // one job at a time the reference is asked first, then the control, then the candidate; asked
  // again, the reference and the candidate.
  void pahole(const std::string& cases) const {
    script("pahole",
           fmt::format("#!/bin/sh\n"
                       "case \"$*\" in *--version*) exec /usr/bin/pahole --version;; esac\n"
                       "n=$(cat '{0}' 2>/dev/null)\n"
                       "n=$((${{n:-0}} + 1))\n"
                       "echo $n > '{0}'\n"
                       "case $n in\n{1}\nesac\n"
                       "exec /usr/bin/pahole \"$@\"\n",
                       path("count").string(), cases));
  }
  int runs() const {
    int count = 0;
    std::ifstream(path("count")) >> count;
    return count;
  }

  // The only cell of a check with pahole's `types`.
  nlohmann::json cell(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--consumer", "pahole", "--query", "types"});
    const auto cells = check(more).at("cells");
    EXPECT_EQ(cells.size(), 1U);
    return cells.at(0);
  }
  nlohmann::json check(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"check", library_, "--jobs", "1", "--output", path("out")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    end_ = splitstrip_program(arguments);
    return read_result_json(path("out"));
  }
  std::vector<std::string> with_cache(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--cache", path("cache")});
    return more;
  }

  static constexpr const char* changed =
      "/usr/bin/pahole \"$@\" | sed 's/long int  *y;/short int y;/'; exit;;";

  ScratchDirectory scratch_;
  std::string old_path_;
  fs::path library_;
  ProgramEnd end_;
};

TEST_F(AskedAgain, what_does_not_come_again_is_unstable_and_remembered_by_nobody) {
  pahole(fmt::format("3) {}", changed));
  const auto unstable = cell(with_cache());
  EXPECT_EQ(unstable.at("outcome"), "unstable") << show(unstable);
  EXPECT_EQ(runs(), 5);
  EXPECT_EQ(end_.status, 0) << end_.output;
  EXPECT_THAT(unstable.at("reason").get<std::string>(), HasSubstr("struct point (candidate)"));
  ASSERT_EQ(unstable.at("unsteady").size(), 1U);
  EXPECT_THAT(unstable.at("unsteady")[0].at("first").get<std::string>(), HasSubstr("short int"));
  EXPECT_THAT(unstable.at("unsteady")[0].at("second").get<std::string>(), HasSubstr("long int"));
  EXPECT_THAT(end_.output, HasSubstr("Answered otherwise when asked again"));
  const auto next = cell(with_cache());
  EXPECT_EQ(next.at("outcome"), "same") << show(next);
  EXPECT_THAT(next.at("reused"), IsEmpty());
}

TEST_F(AskedAgain, an_unstable_consumer_fails_the_gate_that_requires_it) {
  pahole(fmt::format("3) {}", changed));
  EXPECT_EQ(cell({"--require", "pahole"}).at("outcome"), "unstable");
  EXPECT_EQ(end_.status, 2) << end_.output;
  EXPECT_THAT(end_.output, HasSubstr("FAILED"));
}

TEST_F(AskedAgain, what_comes_again_has_regressed_and_is_not_asked_a_third_time) {
  pahole(fmt::format("3|5) {}", changed));
  const auto regressed = cell(with_cache());
  EXPECT_EQ(regressed.at("outcome"), "regressed") << show(regressed);
  EXPECT_EQ(end_.status, 1);
  EXPECT_EQ(runs(), 5);
  const auto next = cell(with_cache());
  EXPECT_EQ(next.at("outcome"), "regressed") << show(next);
  EXPECT_EQ(next.at("reused"), nlohmann::json({"reference", "withheld", "candidate"}));
  EXPECT_EQ(runs(), 5) << "both sides are known to answer so each time";
}

TEST_F(AskedAgain, an_old_answer_that_does_not_come_again_is_forgotten) {
  pahole(fmt::format("1|3) {}", changed));
  EXPECT_EQ(cell(with_cache()).at("outcome"), "same") << "wrong on both sides, by chance";
  const auto other = cell(with_cache({"--recipe", "minidebug"}));
  EXPECT_EQ(other.at("outcome"), "unstable") << show(other);
  EXPECT_EQ(other.at("unsteady").at(0).at("side"), "reference");
  const auto next = cell(with_cache({"--recipe", "minidebug"}));
  EXPECT_EQ(next.at("outcome"), "same") << show(next);
  EXPECT_THAT(next.at("reused"), IsEmpty());
}

TEST_F(AskedAgain, a_candidate_that_kills_its_reader_once_is_unstable_and_each_time_has_crashed) {
  pahole("3) kill -SEGV $$;;");
  EXPECT_EQ(cell().at("outcome"), "unstable");
  EXPECT_EQ(end_.status, 0);
  fs::remove(path("count"));
  pahole("3|5) kill -SEGV $$;;");
  const auto crashed = cell();
  EXPECT_EQ(crashed.at("outcome"), "crashed") << show(crashed);
  EXPECT_THAT(crashed.at("reason").get<std::string>(), HasSubstr("and so when asked again"));
  EXPECT_EQ(end_.status, 2);
}

TEST_F(AskedAgain, who_cannot_read_the_conventional_pair_is_unavailable) {
  pahole("*) kill -SEGV $$;;");
  const auto dead = cell();
  EXPECT_EQ(dead.at("outcome"), "unavailable") << show(dead);
  EXPECT_THAT(dead.at("reason").get<std::string>(),
              StartsWith("cannot read the conventional pair: "));
  EXPECT_EQ(dead.at("command").at(0), (path("bin") / "pahole").string());
  EXPECT_EQ(end_.status, 0) << end_.output;
  EXPECT_THAT(end_.output, HasSubstr("command: " + path("bin").string()));
  EXPECT_EQ(cell({"--require", "pahole"}).at("outcome"), "unavailable");
  EXPECT_EQ(end_.status, 1);
  // Of it without its debug file likewise.
  fs::remove(path("count"));
  pahole("2) kill -SEGV $$;;");
  EXPECT_THAT(cell().at("reason").get<std::string>(),
              StartsWith("cannot read the conventional pair with its debug file withheld: "));
  EXPECT_EQ(end_.status, 0);
}

TEST_F(AskedAgain, a_conventional_pair_that_takes_too_long_is_a_timeout) {
  pahole("*) exec sleep 60;;");
  EXPECT_EQ(cell({"--timeout", "1"}).at("outcome"), "timeout");
  EXPECT_EQ(end_.status, 2);
}

TEST_F(AskedAgain, what_is_left_out_is_not_asked_and_the_report_says_so) {
  pahole("");
  const auto result = check({"--consumer", "pahole", "--consumer", "libdw", "--consumer", "gdb",
                             "--without", "pahole/functions", "--without", "gdb"});
  EXPECT_EQ(cells_with(result, {{"consumer", "pahole"}}).size(), 1U);
  EXPECT_FALSE(cells_with(result, {{"consumer", "libdw"}}).empty());
  EXPECT_TRUE(cells_with(result, {{"consumer", "gdb"}}).empty());
  EXPECT_EQ(result.at("summary").at("left_out"), nlohmann::json({"pahole/functions", "gdb"}));
  EXPECT_THAT(end_.output, HasSubstr("; without pahole/functions, gdb\n"));
  const auto error = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"check", "types"});
    const auto end = splitstrip_program(words);
    EXPECT_EQ(end.status, 2);
    return end.errors;
  };
  EXPECT_THAT(error({"--without", "nobody"}), HasSubstr("nobody: no such consumer"));
  EXPECT_THAT(error({"--without", "gdb/nothing"}), HasSubstr("gdb/nothing: no such query of gdb"));
  EXPECT_THAT(error({"--without", "gdb", "--require", "gdb"}), HasSubstr("required and left out"));
}

// A gdb whose answer to a question is all that it was asked so far, and that never answers one of
// them.
TEST_F(AskedAgain, all_sides_are_asked_the_same_in_the_same_order) {
  script("gdb", R"(#!/usr/bin/python3
import json, os, sys
words = " ".join(sys.argv)
if "--version" in words:
    print("GNU gdb (GDB) 13.1")
elif "python says" in words:
    print("python says 13.1")
else:
    with open(os.environ["SPLITSTRIP_PARAMETERS"], encoding="utf-8") as file:
        queries = json.load(file)["queries"]
    asked = []
    for query in queries:
        asked.append(query)
        if query == "lines":
            os.write(3, b"!failed\tlines\tnot today\n")
        else:
            os.write(3, f"{query}\tasked\t{' '.join(asked)}\n!answered\t{query}\n".encode())
)");
  for (const auto* recipe : {"conventional", "typedata"}) {
    // The second time what was answered is remembered, and the rest asked again.
    const auto result = check(with_cache({"--consumer", "gdb", "--recipe", recipe}));
    std::size_t alike = 0;
    for (const auto& cell : result.at("cells")) {
      EXPECT_THAT(cell.at("outcome"), testing::AnyOf("vacuous", "unavailable")) << show(cell);
      alike += cell.at("outcome") == "vacuous";
    }
    EXPECT_GE(alike, 4U) << end_.output;
  }
}

}  // namespace
}  // namespace splitstrip
