#include "check/shown_command.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/text.h"
#include "run/program.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

class ShownCommand : public testing::Test {
 protected:
  // What the command prints, executed as a user of the report does: pasted into a shell, in the
  // directory of the result.
  std::string prints(const std::vector<std::string>& argv) {
    const auto line = "cd " + scratch_.path().string() + " && " + command_line(argv);
    return Program::start({"/bin/sh", "-c", line}).wait(std::chrono::minutes(1)).output;
  }

  std::vector<std::string> shown(const std::vector<std::string>& argv) {
    return shown_command(argv, scratch_.path() / "facts/gdb/types.arguments", scratch_.path());
  }

  ScratchDirectory scratch_{testing::TempDir()};
};

TEST_F(ShownCommand, a_short_one_is_what_it_is) {
  const std::vector<std::string> argv{"gdb", "-batch", "libfoo.so"};
  EXPECT_EQ(shown(argv), argv);
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path()));
}

TEST_F(ShownCommand, a_long_one_does_the_same_with_arguments_from_a_file) {
  std::vector<std::string> argv{"printf", "<%s>"};
  for (int i = 0; i < 2000; ++i)
    argv.push_back("function number '" + std::to_string(i) + "\"\\ $x");
  const auto shorter = shown(argv);
  EXPECT_LT(command_line(shorter).size(), longest_shown_command);
  EXPECT_THAT(command_line(shorter), testing::HasSubstr("facts/gdb/types.arguments"));
  const auto all = prints(argv);
  EXPECT_THAT(all, testing::HasSubstr("<function number '1999\"\\ $x>"));
  EXPECT_EQ(prints(shorter), all);
}

TEST_F(ShownCommand, one_long_word_and_words_of_several_lines_as_well) {
  for (const auto& words : {std::vector<std::string>{std::string(5000, 'x')},
                            std::vector<std::string>{"two\nlines", std::string(5000, 'y'), ""}}) {
    std::vector<std::string> argv{"printf", "<%s>"};
    argv.insert(argv.end(), words.begin(), words.end());
    const auto shorter = shown(argv);
    EXPECT_LT(command_line(shorter).size(), longest_shown_command);
    EXPECT_EQ(prints(shorter), prints(argv));
  }
}

}  // namespace
}  // namespace splitstrip
