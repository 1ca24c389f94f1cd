// Answers of an earlier check are reused where nothing that they depend on has changed, and nowhere
// else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "facts/atomic_file.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

class RememberedCheck : public testing::Test {
 protected:
  nlohmann::json check(const std::string& name, std::vector<std::string> more = {}) {
    const fs::path output = scratch_.path() / name;
    std::vector<std::string> arguments{
        "check",    "memerror", "--consumer",    "gdb",     "--consumer",
        "eu-stack", "--output", output.string(), "--cache", (scratch_.path() / "cache").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto end = splitstrip_program(arguments);
    EXPECT_LE(end.status, 1) << end.output << end.errors;
    return read_result_json(output);
  }

  // How many cells of `result` have such an answer of an earlier check.
  static std::size_t reused(const nlohmann::json& result, const std::string& role) {
    std::size_t count = 0;
    for (const auto& cell : result.at("cells")) {
      const auto& roles = cell.at("reused");
      count += static_cast<std::size_t>(std::count(roles.begin(), roles.end(), role));
    }
    return count;
  }

  static nlohmann::json without_reuse(nlohmann::json result) {
    nlohmann::json cells = result.at("cells");
    for (auto& cell : cells) {
      for (const char* field : {"reused", "seconds", "cpu_seconds", "command"}) cell.erase(field);
    }
    return cells;
  }

  ScratchDirectory scratch_{testing::TempDir()};
};

TEST_F(RememberedCheck, asks_nothing_twice) {
  const auto first = check("first");
  EXPECT_EQ(reused(first, "reference") + reused(first, "candidate"), 0U);
  const auto second = check("second");
  for (const char* role : {"reference", "withheld", "candidate"})
    EXPECT_EQ(reused(second, role), second.at("cells").size()) << role;
  EXPECT_EQ(without_reuse(second), without_reuse(first));
  EXPECT_EQ(reused(check("third", {"--no-cache"}), "reference"), 0U);
}

TEST_F(RememberedCheck, asks_about_a_changed_candidate) {
  check("first");
  const auto other = check("other", {"--recipe", "types-dwarf"});
  for (const auto& cell : other.at("cells")) {
    const bool process = cell.at("query") == "live" || cell.at("query") == "core";
    EXPECT_EQ(cell.at("reused"),
              process ? nlohmann::json::array() : nlohmann::json({"reference", "withheld"}))
        << show(cell);
  }
  EXPECT_EQ(other.at("summary").at("exit"), 1) << "and still finds what is wrong with it";
}

TEST_F(RememberedCheck, asks_again_where_the_cache_is_damaged) {
  check("first");
  for (const auto& entry : fs::recursive_directory_iterator(scratch_.path() / "cache")) {
    if (entry.is_regular_file()) write_file(entry.path(), "garbage");
  }
  const auto second = check("second");
  EXPECT_EQ(reused(second, "reference") + reused(second, "candidate"), 0U);
  EXPECT_EQ(second.at("summary").at("exit"), 0);
}

}  // namespace
}  // namespace splitstrip
