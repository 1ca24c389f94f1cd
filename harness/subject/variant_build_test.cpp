// What counts as built.
#include "subject/variant_build.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/atomic_file.h"
#include "subject/fixture.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(VariantBuild, a_library_that_is_there_is_not_enough) {
  // A form that no selection has.
  const Form form = parse_form(fixture_forms(), "threads@clang-O0-dwarf3-g1-zstd");
  const fs::path directory = variant_directory(form.name());
  ASSERT_FALSE(fs::exists(directory)) << directory << ": left over from a test that was killed";
  fs::create_directories(directory);
  write_file(directory / "libthreads.so", "half");
  EXPECT_THAT(why_missing(form), HasSubstr("its build failed"));
  write_file(directory / "missing", "needs clang: install package clang\n");
  EXPECT_EQ(why_missing(form), "needs clang: install package clang");
  write_file(directory / "built", "");
  EXPECT_EQ(why_missing(form), "");
  fs::remove_all(directory);
}

TEST(VariantBuild, a_fixture_as_it_is_is_never_missing) {
  EXPECT_EQ(why_missing(parse_form(fixture_forms(), "threads")), "");
}

}  // namespace
}  // namespace splitstrip
