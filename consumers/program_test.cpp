#include "consumers/program.h"

#include <gtest/gtest.h>

namespace splitstrip {
namespace {

TEST(Program, is_found_in_path) {
  const auto sh = find_program("sh");
  ASSERT_TRUE(sh);
  EXPECT_TRUE(sh->is_absolute());
  EXPECT_FALSE(find_program("splitstrip-no-such-program"));
}

TEST(Program, says_what_it_prints_on_both_streams) {
  EXPECT_EQ(program_says({"sh", "-c", "echo one; echo two >&2"}), "one\ntwo\n");
  EXPECT_EQ(program_says({"/nonexistent/program"}), "");
}

TEST(Program, that_hangs_is_killed) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(program_says({"sh", "-c", "echo here; exec sleep 60"}, std::chrono::milliseconds(300)),
            "here\n");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

TEST(Program, that_prints_without_end_is_cut) {
  EXPECT_LE(program_says({"yes"}, std::chrono::milliseconds(200)).size(), 4096U);
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

TEST(Program, that_is_missing_or_too_old_is_not_available) {
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
