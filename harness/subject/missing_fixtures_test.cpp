#include "subject/missing_fixtures.h"

#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"

namespace splitstrip {
namespace {

TEST(MissingFixtures, are_told_with_what_they_need) {
  const ScratchDirectory directory;
  for (const char* name : {"rust", "fortran", "types"})
    std::filesystem::create_directories(directory.path() / name);
  write_file(directory.path() / "rust/missing", "needs rustc: install package rustc\nmore\n");
  write_file(directory.path() / "fortran/missing", "needs gfortran: install package gfortran\n");
  write_file(directory.path() / "types/fixture.toml", "");
  const std::vector<LeftOut> missing = missing_below(directory.path());
  ASSERT_EQ(missing.size(), 2U);
  EXPECT_EQ(missing[0].name, "fortran");
  EXPECT_EQ(missing[1].name, "rust");
  EXPECT_EQ(missing[1].reason, "needs rustc: install package rustc");
}

TEST(MissingFixtures, are_none_where_there_is_nothing) {
  const ScratchDirectory directory;
  EXPECT_TRUE(missing_below(directory.path() / "none").empty());
}

}  // namespace
}  // namespace splitstrip
