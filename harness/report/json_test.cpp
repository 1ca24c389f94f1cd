#include "report/json.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts/error.h"
#include "report/sample_result.h"

namespace splitstrip {
namespace {

using testing::HasSubstr;

// A directory of its own that goes with the test.
class Scratch {
 public:
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "report_test.XXXXXX";
    path = mkdtemp(pattern.data());
  }
  ~Scratch() {
    std::error_code none;
    std::filesystem::remove_all(path, none);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::filesystem::path path;
};

// What an independent validator says of `text` against the committed schema; empty if it is valid.
std::string validate(const std::string& text) {
  const Scratch scratch;
  const auto document = scratch.path / "result.json";
  std::ofstream(document) << text;
  const auto answer = scratch.path / "answer";
  std::vector<std::string> words = {SPLITSTRIP_TEST_PYTHON, SPLITSTRIP_TEST_VALIDATE,
                                    SPLITSTRIP_TEST_SCHEMA, document.string()};
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, answer.c_str(), O_CREAT | O_WRONLY, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failed != 0 || waitpid(pid, &status, 0) != pid) return "the validator did not start";
  if (status == 0) return {};
  std::ifstream file(answer);
  return "invalid: " + std::string((std::istreambuf_iterator<char>(file)), {});
}

std::string message_of(const std::string& text) {
  try {
    result_from_json(text, "there/result.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Json, is_what_the_schema_describes) {
  EXPECT_EQ(validate(to_json(sample_result(3))), "");
  Result empty;
  empty.started = "2026-11-23T04:05:06Z";
  EXPECT_EQ(validate(to_json(empty)), "");
}

TEST(Json, the_schema_refuses_what_it_does_not_know) {
  auto json = nlohmann::json::parse(to_json(sample_result(1)));
  auto with = [&](const char* pointer, const nlohmann::json& value) {
    auto changed = json;
    changed[nlohmann::json::json_pointer(pointer)] = value;
    return validate(changed.dump());
  };
  EXPECT_EQ(with("/seconds", 3), "");
  EXPECT_THAT(with("/cells/0/remark", "new"), HasSubstr("invalid"));
  EXPECT_THAT(with("/cells/0/outcome", "fine"), HasSubstr("invalid"));
  EXPECT_THAT(with("/cells/0/facts", -1), HasSubstr("invalid"));
  EXPECT_THAT(with("/schema", 2), HasSubstr("invalid"));
  EXPECT_THAT(with("/started", "yesterday"), HasSubstr("invalid"));
}

TEST(Json, reads_back_what_it_wrote) {
  const auto text = to_json(sample_result(3));
  EXPECT_EQ(to_json(result_from_json(text, "result.json")), text);
}

TEST(Json, an_older_result_without_what_came_later_is_read) {
  auto json = nlohmann::json::parse(to_json(sample_result(1)));
  for (auto& cell : json["cells"]) cell.erase("unsteady");
  json["summary"].erase("left_out");
  json["summary"]["counts"].erase("unstable");
  EXPECT_EQ(validate(json.dump()), "");
  EXPECT_TRUE(result_from_json(json.dump(), "x").cells[0].unsteady.empty());
}

TEST(Json, keeps_64_bit_counts) {
  auto result = sample_result(1);
  result.cells[0].facts = 0xffff'ffff'ffff'ffffULL;
  EXPECT_EQ(result_from_json(to_json(result), "x").cells[0].facts, 0xffff'ffff'ffff'ffffULL);
  EXPECT_EQ(validate(to_json(result)), "");
}

TEST(Json, bytes_that_are_no_text_do_not_make_it_invalid) {
  const auto read = result_from_json(to_json(sample_result(1)), "x");
  EXPECT_THAT(read.cells[0].differences[1].key, HasSubstr("\xEF\xBF\xBD"));
  EXPECT_EQ(read.cells[0].differences[1].reference, "one\ttab\nand a line");
  EXPECT_FALSE(read.cells[0].differences[1].candidate);
  EXPECT_FALSE(read.cells[0].differences[2].reference);
}

TEST(Json, what_is_no_result_is_refused_in_one_line) {
  auto json = nlohmann::json::parse(to_json(sample_result(1)));
  EXPECT_THAT(message_of("{"), HasSubstr("there/result.json: not a result"));
  EXPECT_THAT(message_of("[]"), HasSubstr("not an object"));
  json["schema"] = 7;
  EXPECT_THAT(message_of(json.dump()), HasSubstr("schema version 7"));
  json["schema"] = 1;
  json["cells"][0]["outcome"] = "fine";
  EXPECT_THAT(message_of(json.dump()), HasSubstr("result.cells[0].outcome"));
  json["cells"][0]["outcome"] = "same";
  json["cells"][0]["facts"] = -3;
  EXPECT_THAT(message_of(json.dump()), HasSubstr("facts is not a whole number"));
  json["cells"][0]["facts"] = 3;
  json["summary"]["extra"] = true;
  EXPECT_THAT(message_of(json.dump()), HasSubstr("does not know"));
}

TEST(Json, a_missing_file_is_named) {
  EXPECT_THROW(
      {
        try {
          read_result("/nonexistent/result.json");
        } catch (const Error& error) {
          EXPECT_THAT(error.what(), HasSubstr("/nonexistent/result.json: No such file"));
          throw;
        }
      },
      Error);
}

}  // namespace
}  // namespace splitstrip
