#include "subject/crash_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

class CrashCases : public testing::Test {
 protected:
  CrashCases() {
    fs::create_directories(scratch_.path() / "cases");
    script("swapped");
  }

  void script(const std::string& name) {
    write_file(scratch_.path() / "cases" / (name + ".py"), "");
  }

  std::vector<CrashCase> read(const std::string& toml) {
    write_file(scratch_.path() / "cases.toml", toml);
    return crash_cases(scratch_.path());
  }

  std::string refusal(const std::string& toml) {
    try {
      read(toml);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was wrong";
  }

  ScratchDirectory scratch_;
};

const std::string head = "[swapped]\nclass = \"swapped arguments\"\n";

TEST_F(CrashCases, say_how_each_part_ends) {
  const auto cases = read(head + "dies = 'SIGSEGV'\nsays = ['size', 'void *']\nright = '5'\n");
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].name, "swapped");
  EXPECT_EQ(cases[0].kind, "swapped arguments");
  EXPECT_EQ(cases[0].script, scratch_.path() / "cases" / "swapped.py");
  EXPECT_EQ(cases[0].ends.plain, "killed by SIGSEGV");
  EXPECT_EQ(cases[0].ends.checked, "raises TypeError");
  EXPECT_EQ(cases[0].ends.right, "returns 5");
  EXPECT_THAT(cases[0].ends.says, testing::ElementsAre("size", "void *"));
}

TEST_F(CrashCases, may_be_healed_or_be_beyond_types) {
  auto ends = read(head + "corrupts = '0'\nheals = true\nright = '5'\n").at(0).ends;
  EXPECT_EQ(ends.plain, "returns 0");
  EXPECT_EQ(ends.checked, "returns 5");
  ends = read(head + "dies = 'SIGABRT'\nuncaught = 'no owners'\nright = '5'\n").at(0).ends;
  EXPECT_EQ(ends.checked, "killed by SIGABRT");
}

TEST_F(CrashCases, may_be_programs_that_nobody_may_refuse) {
  const auto one = read(head + "right = '5'\n").at(0);
  EXPECT_FALSE(one.has_wrong());
  EXPECT_EQ(one.ends.right, "returns 5");
  // Half a wrong part is a mistake.
  EXPECT_THAT(refusal(head + "says = ['size']\nright = '5'\n"), testing::HasSubstr("`dies`"));
  EXPECT_THAT(refusal(head + "dies = 'SIGSEGV'\nright = '5'\n"), testing::HasSubstr("`says`"));
}

TEST_F(CrashCases, end_otherwise_where_a_consumer_says_so) {
  const auto one = read(head +
                        "dies = 'SIGSEGV'\nsays = ['size']\nright = '5'\n"
                        "[swapped.pypy]\ncorrupts = '0'\nheals = true\n")
                       .at(0);
  EXPECT_EQ(one.ends_for("ctypes").plain, "killed by SIGSEGV");
  EXPECT_EQ(one.ends_for("pypy").plain, "returns 0");
  EXPECT_EQ(one.ends_for("pypy").checked, "returns 5");
  EXPECT_EQ(one.ends_for("pypy").right, "returns 5");
}

TEST_F(CrashCases, that_could_not_fail_are_refused) {
  EXPECT_THAT(refusal(head + "corrupts = '5'\nsays = ['x']\nright = '5'\n"),
              testing::HasSubstr("swapped: what `corrupts` says is right"));
  EXPECT_THAT(refusal(head + "says = ['x']\nright = '5'\n"), testing::HasSubstr("`dies`"));
  EXPECT_THAT(refusal(head + "dies = 'SIGSEGV'\nsays = []\nright = '5'\n"),
              testing::HasSubstr("`says`"));
  EXPECT_THAT(refusal(head + "dies = 'SIGSEGV'\nsays = ['x']\n"), testing::HasSubstr("`right`"));
}

TEST_F(CrashCases, and_scripts_have_to_agree) {
  script("extra");
  const std::string good = "dies = 'SIGSEGV'\nsays = ['x']\nright = '5'\n";
  EXPECT_THAT(refusal(head + good), testing::HasSubstr("has no case extra"));
  EXPECT_THAT(refusal("[lost]\nclass = 'c'\n" + good), testing::HasSubstr("lost.py"));
  EXPECT_THAT(refusal(head + good + "sais = 'x'\n"), testing::HasSubstr("`sais`"));
  EXPECT_THAT(refusal("nonsense"), testing::HasSubstr("cases.toml:1"));
}

TEST_F(CrashCases, are_none_without_a_file) {
  EXPECT_TRUE(crash_cases(scratch_.path()).empty());
}

}  // namespace
}  // namespace splitstrip
