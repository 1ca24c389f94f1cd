#include "consumers/debug_sections.h"

#include <gtest/gtest.h>

#include "elf/test_library.h"

namespace splitstrip {
namespace {

TEST(DebugSections, tells_compression_and_sections) {
  const ScratchDirectory directory;
  const auto plain = directory.path() / "plain.so";
  const auto zlib = directory.path() / "zlib.so";
  const auto zstd = directory.path() / "zstd.so";
  testing_support::build_library(plain, testing_support::small_source, {"-gdwarf-4"});
  testing_support::run(
      {"objcopy", "--compress-debug-sections=zlib", plain.string(), zlib.string()});
  testing_support::run(
      {"objcopy", "--compress-debug-sections=zstd", plain.string(), zstd.string()});
  EXPECT_FALSE(compressed_with_zstd(plain));
  EXPECT_FALSE(compressed_with_zstd(zlib));
  EXPECT_TRUE(compressed_with_zstd(zstd));
  EXPECT_TRUE(has_section(zstd, ".debug_info"));
  EXPECT_FALSE(has_section(plain, ".debug_types"));
}

}  // namespace
}  // namespace splitstrip
