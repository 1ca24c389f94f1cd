// Damaged input ends in an Error or in an answer, never in a crash: run under the asan preset, this
// is the fixed-seed part of the fuzzing.
#include "elf/mutate.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "elf/read_everything.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using namespace testing_support;

TEST(Mutations, ten_thousand_damaged_files_are_survived) {
  const ScratchDirectory scratch;
  std::vector<std::vector<std::byte>> seeds;
  build_library(scratch.path() / "plain.so", small_source);
  seeds.push_back(file_bytes(scratch.path() / "plain.so"));
  build_library(scratch.path() / "packed.so", small_source, {"-gz", "-Wl,--hash-style=both"});
  seeds.push_back(file_bytes(scratch.path() / "packed.so"));
  run({"strip", "-o", (scratch.path() / "stripped.so").string(),
       (scratch.path() / "plain.so").string()});
  run({"objcopy", "--add-gnu-debuglink=" + (scratch.path() / "plain.so").string(),
       (scratch.path() / "stripped.so").string()});
  seeds.push_back(file_bytes(scratch.path() / "stripped.so"));

  Mutator mutate(20261123);
  int accepted = 0;
  constexpr int inputs = 10000;
  for (int i = 0; i < inputs; ++i) {
    const std::vector<std::byte>& seed = seeds[static_cast<std::size_t>(i) % seeds.size()];
    std::vector<std::byte> bytes = mutate(seed);
    // Most of a file is content; its tables, at the end, and its header decide how it is read.
    for (int hits = 0; hits < 3 && i % 2 == 0; ++hits) {
      const std::size_t table = std::min<std::size_t>(bytes.size(), 64 * 40);
      const std::size_t at = mutate.below(4) == 0
                                 ? mutate.below(std::min<std::size_t>(bytes.size(), 64))
                                 : bytes.size() - 1 - mutate.below(table);
      bytes[at] = static_cast<std::byte>(mutate.below(256));
    }
    accepted += read_everything(std::move(bytes)) ? 1 : 0;
  }
  // Both ways are taken, or the mutations test nothing.
  EXPECT_GT(accepted, inputs / 20);
  EXPECT_LT(accepted, inputs * 19 / 20);
}

}  // namespace
}  // namespace splitstrip
