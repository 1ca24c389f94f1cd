#include "consumers/without_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

StagedPair staged_at(const char* root, const char* scratch) {
  StagedPair pair;
  pair.root = root;
  pair.scratch = scratch;
  return pair;
}

TEST(PlaceNames, stand_for_the_paths_of_the_stage) {
  const PlaceNames names(staged_at("/tmp/run1/root", "/tmp/run1/scratch"));
  EXPECT_EQ(names("<file /tmp/run1/root/lib/a.so: .eh_frame+0x2e: unknown>"),
            "<file $ROOT/lib/a.so: .eh_frame+0x2e: unknown>");
  EXPECT_EQ(names("/tmp/run1/scratch/core of /tmp/run1/root"), "$SCRATCH/core of $ROOT");
  EXPECT_EQ(names("/tmp/run1/rooted, /usr/lib/a.so"), "/tmp/run1/rooted, /usr/lib/a.so");
}

TEST(PlaceNames, of_two_that_lie_in_each_other_the_inner_one_is_told) {
  EXPECT_EQ(PlaceNames(staged_at("/s", "/s/scratch"))("/s/scratch/a /s/lib"),
            "$SCRATCH/a $ROOT/lib");
  EXPECT_EQ(PlaceNames(staged_at("/s/root", "/s"))("/s/a /s/root/lib"), "$SCRATCH/a $ROOT/lib");
}

TEST(PlaceNames, are_not_made_of_no_path_or_the_whole_system) {
  EXPECT_EQ(PlaceNames(staged_at("", "/"))("/usr/lib/a.so and /"), "/usr/lib/a.so and /");
}

TEST(WithoutPlaces, two_runs_in_different_stages_tell_the_same) {
  const auto told = [](const char* root, const std::string& path) {
    const PlaceNames names(staged_at(root, "/scratch"));
    TestSink sink;
    WithoutPlaces(names, sink).add("types", "struct a [" + path + "/a.h]", path + ": unknown form");
    return sink.list;
  };
  const auto one = told("/tmp/one/root", "/tmp/one/root");
  EXPECT_EQ(one, told("/home/two/root", "/home/two/root"));
  EXPECT_THAT(
      one, testing::ElementsAre(TestFact{"types", "struct a [$ROOT/a.h]", "$ROOT: unknown form"}));
}

}  // namespace
}  // namespace splitstrip
