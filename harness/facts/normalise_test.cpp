#include "facts/normalise.h"

#include <gtest/gtest.h>

namespace splitstrip {
namespace {

TEST(ReplacePath, replaces_whole_leading_parts_only) {
  EXPECT_EQ(replace_path("/s/root/lib/a.so: /s/root", "/s/root"), "$ROOT/lib/a.so: $ROOT");
  EXPECT_EQ(replace_path("/s/rooted/a", "/s/root"), "/s/rooted/a");
  EXPECT_EQ(replace_path("/s/root.d/a", "/s/root"), "/s/root.d/a");
  EXPECT_EQ(replace_path("at /s/root)", "/s/root", "@"), "at @)");
  EXPECT_EQ(replace_path("nothing here", ""), "nothing here");
}

TEST(Hex, is_written_one_way) {
  EXPECT_EQ(hex(0x1A2B), "0x1a2b");
}

}  // namespace
}  // namespace splitstrip
