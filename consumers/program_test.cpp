#include "consumers/program.h"

#include <gtest/gtest.h>

namespace splitstrip {
namespace {

TEST(Program, finds_in_path) {
  const auto sh = find_program("sh");
  ASSERT_TRUE(sh);
  EXPECT_TRUE(sh->is_absolute());
  EXPECT_FALSE(find_program("splitstrip-no-such-program"));
}

TEST(Program, says_what_it_prints_on_both_streams) {
  EXPECT_EQ(program_says({"sh", "-c", "echo one >&2; echo two"}), "two\none\n");
  EXPECT_EQ(program_says({"/nonexistent/program"}), "");
  EXPECT_EQ(program_says({"sleep", "60"}, std::chrono::milliseconds(200)), "");
}

TEST(Program, version_is_taken_out_of_text) {
  EXPECT_EQ(version_in("valgrind-3.19.0\n"), "3.19.0");
  EXPECT_EQ(version_in("Systemtap translator/driver (version 4.8/0.188, Debian)", "version "),
            "4.8");
  EXPECT_EQ(version_in("gdb 13.1."), "13.1");
  EXPECT_EQ(version_in("no digits"), "");
  EXPECT_EQ(version_in("1.2", "version"), "");
}

TEST(Program, versions_compare_by_number) {
  EXPECT_TRUE(older("3.9", "3.19"));
  EXPECT_FALSE(older("3.19", "3.9"));
  EXPECT_FALSE(older("3.19.0", "3.19"));
  EXPECT_TRUE(older("", "1"));
}

TEST(Program, what_is_missing_or_too_old_is_not_available) {
  const Wanted here{"bash", "version ", "1.0", "bash", "bash"};
  EXPECT_TRUE(detect_program(here).available) << detect_program(here).reason;
  const Wanted old{"bash", "version ", "999", "bash", "bash"};
  EXPECT_FALSE(detect_program(old).available);
  EXPECT_NE(detect_program(old).reason.find("too old"), std::string::npos);
  const Wanted missing{"splitstrip-no-such-program", "", "1", "d", "f"};
  EXPECT_EQ(detect_program(missing).reason, "splitstrip-no-such-program is not installed");
  EXPECT_EQ(detect_program(missing).debian_package, "d");
}

}  // namespace
}  // namespace splitstrip
