#include "typedata/build.h"

#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

class BuildTypedata : public ::testing::Test {
 protected:
  std::filesystem::path library(const std::string& source,
                                const std::vector<std::string>& flags = {}) {
    const auto file = scratch_.path() / "libsample.so.1";
    testing_support::build_library(file, source, flags);
    return file;
  }

  ScratchDirectory scratch_;
};

TEST_F(BuildTypedata, SameBytesOnAnyNumberOfThreads) {
  const auto file = library(testing_support::small_source);
  std::string first;
  for (const unsigned threads : {1U, 2U, 8U}) {
    TypedataOptions options;
    options.threads = threads;
    const TypedataResult result = build_typedata(file, file, options);
    EXPECT_EQ(result.coverage.functions, result.coverage.functions_typed);
    EXPECT_GT(result.coverage.functions, 0U);
    if (first.empty()) first = result.section;
    EXPECT_EQ(result.section, first) << threads << " threads";
  }
}

}  // namespace
}  // namespace splitstrip
