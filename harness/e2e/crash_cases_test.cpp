// Crash cases: Python dies of them on the conventional pair, and is told why on the split one. What
// is expected of them is expected in earnest: one wrong word fails the check.
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "facts/atomic_file.h"
#include "facts/fact_file.h"
#include "run/program.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> fixtures{"ffi-arguments",  "ffi-callbacks", "ffi-cxx",
                                        "ffi-memory",     "ffi-pointers",  "ffi-right",
                                        "ffi-structures", "ffi-values"};
const std::vector<std::string> interpreters{"ctypes", "pypy"};

using Facts = std::map<std::string, std::string>;

Facts read_facts(const fs::path& file) {
  Facts facts;
  FactReader reader(file);
  while (reader.next()) {
    std::string key = unescape_fact(reader.key());
    if (key.ends_with('\t')) key.pop_back();
    facts[key] = unescape_fact(reader.value());
  }
  return facts;
}

std::vector<std::string> check_of(std::vector<std::string> words, const fs::path& output) {
  words.insert(words.begin(), "check");
  for (const auto& consumer : interpreters) {
    words.emplace_back("--consumer");
    words.push_back(consumer);
  }
  words.insert(words.end(), {"--query", "ffi-crash", "--output", output.string()});
  return words;
}

// The three things that a case is for, looked up in the facts and not left to the comparison.
void expect_three_things(const fs::path& output, const std::string& interpreter) {
  const auto facts_of = [&](const std::string& fixture, const std::string& variant) {
    return read_facts(output / "facts" / fixture / variant / interpreter / "ffi-crash.facts.zst");
  };
  std::set<std::string> died, refused, healed, lost, never_refused;
  for (const auto& fixture : fixtures) {
    const auto conventional = facts_of(fixture, "reference");
    const auto split = facts_of(fixture, "typedata");
    for (const auto& [key, value] : split) {
      // A program that has no wrong part.
      const auto end = key.find(": right, checked by types");
      if (end == std::string::npos) continue;
      const std::string name = key.substr(0, end);
      EXPECT_EQ(value, "yes") << fixture << " " << name << " is checked";
      EXPECT_EQ(conventional.at(key), "no") << fixture << " " << name << ", the control, is not";
      if (split.contains(name + ": wrong, plain")) continue;
      EXPECT_EQ(split.at(name + ": right, checked"), conventional.at(name + ": right, plain"))
          << fixture << " " << name;
      never_refused.insert(name);
    }
    for (const auto& [key, value] : conventional) {
      const auto end = key.find(": wrong, checked");
      if (end == std::string::npos) continue;
      const std::string name = key.substr(0, end);
      const std::string right = conventional.at(name + ": right, plain");
      EXPECT_THAT(right, testing::StartsWith("returns ")) << fixture << " " << name;
      EXPECT_EQ(split.at(name + ": right, checked"), right) << fixture << " " << name;
      EXPECT_EQ(conventional.at(name + ": wrong, plain"), value) << "checked without types";
      EXPECT_NE(value, right) << fixture << " " << name;
      EXPECT_EQ(split.at(name + ": wrong, plain"), value) << "types that nobody looks at";
      if (value.starts_with("killed by ")) died.insert(name);
      const std::string& checked = split.at(key);
      (checked == "raises TypeError" ? refused : checked == right ? healed : lost).insert(name);
    }
  }
  EXPECT_GE(never_refused.size(), 60U) << interpreter;
  EXPECT_GE(died.size(), 45U) << interpreter;
  EXPECT_GE(refused.size(), 65U) << interpreter;
  EXPECT_GE(healed.size(), 4U) << interpreter;
  EXPECT_THAT(lost, testing::UnorderedElementsAre("buffer-too-short", "collected",
                                                  "context-swapped", "freed-twice",
                                                  "large-result-declared-int", "null-for-text",
                                                  "text-without-end", "used-after-freeing"))
      << interpreter;
}

TEST(CrashCases, die_on_the_conventional_pair_and_raise_on_the_split_one) {
  const ScratchDirectory scratch;
  const auto end = splitstrip_program(check_of(fixtures, scratch.path()));
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  const auto result = read_result_json(scratch.path());
  for (const auto& interpreter : interpreters) {
    const auto cells = cells_with(result, {{"consumer", interpreter}, {"query", "ffi-crash"}});
    EXPECT_EQ(cells.size(), fixtures.size());
    std::size_t same = 0;
    for (const auto& cell : cells) {
      EXPECT_THAT(cell.at("outcome"), testing::AnyOf("same", "unavailable")) << show(cell);
      same += cell.at("outcome") == "same" && cell.at("evidence") > 0;
    }
    EXPECT_THAT(same, testing::AnyOf(0U, fixtures.size())) << interpreter;
    if (same > 0) expect_three_things(scratch.path(), interpreter);
  }
}

// A recipe that keeps no types is not held against what types can do.
TEST(CrashCases, are_not_asked_of_pairs_without_types) {
  const ScratchDirectory scratch;
  const auto end =
      splitstrip_program({"check", "ffi-cxx", "--recipe", "conventional", "--recipe", "typedata",
                          "--consumer", "ctypes", "--output", scratch.path().string()});
  EXPECT_EQ(end.status, 0) << end.output << end.errors;
  const auto result = read_result_json(scratch.path());
  EXPECT_EQ(cells_with(result, {{"query", "ffi-crash"}, {"recipe", "typedata"}}).size(), 1U);
  EXPECT_EQ(cells_with(result, {{"query", "ffi-crash"}, {"recipe", "conventional"}}).size(), 0U);
  EXPECT_EQ(cells_with(result, {{"query", "ffi-types"}, {"recipe", "conventional"}}).size(), 1U);
}

// The controls: something is wrong with what is declared, with the conventional pair, or with the
// types, and the check has to say so.
class PlantedCrashCases : public testing::Test {
 protected:
  // A prefix of its own, where the program finds a fixture whose cases are changed.
  nlohmann::json check_with(const std::string& pattern, const std::string& replacement) {
    const fs::path binary = fs::canonical(SPLITSTRIP_BINARY);
    const fs::path build = binary.parent_path().parent_path().parent_path();
    fs::create_directories(prefix_.path() / "bin");
    fs::copy_file(binary, prefix_.path() / "bin/splitstrip");
    const fs::path fixture = prefix_.path() / "share/splitstrip/fixtures/ffi-cxx";
    fs::create_directories(fixture);
    fs::copy(build / "fixtures/ffi-cxx", fixture, fs::copy_options::recursive);

    std::ifstream file(fixture / "cases.toml");
    std::stringstream text;
    text << file.rdbuf();
    const std::string changed = std::regex_replace(text.str(), std::regex(pattern), replacement,
                                                   std::regex_constants::format_first_only);
    EXPECT_NE(changed, text.str()) << pattern;
    write_file(fixture / "cases.toml", changed);

    auto words = check_of({"ffi-cxx", "--no-cache"}, prefix_.path() / "out");
    words.insert(words.begin(), (prefix_.path() / "bin/splitstrip").string());
    const auto end = Program::start(std::move(words)).wait(std::chrono::minutes(5));
    EXPECT_EQ(end.status, 1) << end.output << end.errors;
    return read_result_json(prefix_.path() / "out");
  }

  static void expect_difference(const nlohmann::json& result, const std::string& key,
                                const std::string& expected, const std::string& observed) {
    std::size_t looked = 0;
    for (const auto& cell : result.at("cells")) {
      if (cell.at("outcome") == "unavailable") continue;
      ++looked;
      EXPECT_EQ(cell.at("outcome"), "regressed") << show(cell);
      ASSERT_EQ(cell.at("differences").size(), 1U) << show(cell);
      const auto& difference = cell.at("differences").at(0);
      EXPECT_EQ(difference.at("key"), key);
      EXPECT_EQ(difference.at("reference"), expected);
      EXPECT_THAT(difference.at("candidate").get<std::string>(), testing::StartsWith(observed));
    }
    EXPECT_GT(looked, 0U);
  }

  ScratchDirectory prefix_;
};

TEST_F(PlantedCrashCases, a_message_without_the_words_is_noticed) {
  const auto result = check_with("says = \\[\"counter_new\"\\]", "says = [\"no such word\"]");
  expect_difference(result, "method-of-integer: says no such word", "yes", "no: counter_new");
}

TEST_F(PlantedCrashCases, a_wrong_result_is_noticed_on_both_pairs) {
  const auto result = check_with("right = \"441\"", "right = \"442\"");
  for (const auto& cell : result.at("cells")) {
    if (cell.at("outcome") == "unavailable") continue;
    EXPECT_EQ(cell.at("outcome"), "regressed");
    // Plain and checked, of candidate and control.
    EXPECT_EQ(cell.at("changed"), 4) << show(cell);
  }
}

TEST_F(PlantedCrashCases, a_control_that_ends_otherwise_is_noticed) {
  const auto result = check_with("dies = \"SIGSEGV\"", "dies = \"SIGBUS\"");
  for (const auto& cell : result.at("cells")) {
    if (cell.at("outcome") == "unavailable") continue;
    EXPECT_EQ(cell.at("outcome"), "regressed");
    EXPECT_THAT(cell.at("reason").get<std::string>(), testing::HasSubstr("the control"));
    EXPECT_EQ(cell.at("differences").at(0).at("reference"), "killed by SIGBUS") << show(cell);
    EXPECT_EQ(cell.at("differences").at(0).at("candidate"), "killed by SIGSEGV") << show(cell);
  }
}

// The split pair without its types is the conventional one, which dies.
TEST_F(PlantedCrashCases, types_that_are_not_there_are_missed) {
  const ScratchDirectory scratch;
  auto words = check_of({"ffi-callbacks", "--recipe", "fault:typed-missing"}, scratch.path());
  EXPECT_EQ(splitstrip_program(words).status, 1);
  for (const auto& cell : read_result_json(scratch.path()).at("cells"))
    EXPECT_THAT(cell.at("outcome"), testing::AnyOf("regressed", "unavailable")) << show(cell);
}

// One member beside its place in the types: a correct declaration is refused.
TEST_F(PlantedCrashCases, a_fault_in_the_types_is_noticed) {
  const ScratchDirectory scratch;
  auto words = check_of({"ffi-callbacks", "--recipe", "fault:typed-member-moved"}, scratch.path());
  EXPECT_EQ(splitstrip_program(words).status, 1);
  for (const auto& cell : read_result_json(scratch.path()).at("cells"))
    EXPECT_THAT(cell.at("outcome"), testing::AnyOf("regressed", "unavailable")) << show(cell);
}

}  // namespace
}  // namespace splitstrip
