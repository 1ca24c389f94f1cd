// The consumer libdw in a stage.
#include "consumers/libdw/libdw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/staged_library.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::IsEmpty;
using testing::Not;
using testing_support::Asked;

TEST(Libdw, answers_in_the_stage_from_the_debug_file_alone) {
  const ScratchDirectory scratch;
  const auto file = scratch.path() / "libsmall.so";
  testing_support::build_library(file, testing_support::small_source);
  testing_support::StagedLibrary library(file);
  const auto libdw = make_libdw();
  for (const auto& query : libdw->queries()) {
    const auto ask = [&](const Asked& asked) {
      const auto answered = library.ask(*libdw, std::string(query.name), asked);
      EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
      return answered.facts;
    };
    const auto reference = ask({});
    EXPECT_THAT(reference, Not(IsEmpty())) << query.name;
    EXPECT_THAT(ask({.withheld = true}), IsEmpty());
    EXPECT_EQ(reference, ask({.recipe = "typedata"}));
    EXPECT_EQ(reference, ask({.isolation = Isolation::never}));
    EXPECT_NE(reference, ask({.recipe = "types-dwarf"}));
  }
}

}  // namespace
}  // namespace splitstrip
