// Corrupt CFI ends in an Error or in stacks, never in a crash: the fixed-seed part of the fuzzing.
#include <algorithm>

#include <gtest/gtest.h>

#include "elf/elf_file.h"
#include "elf/mutate.h"
#include "elf/test_library.h"
#include "synth/make_everything.h"
#include "synth/test_sources.h"

namespace splitstrip::synth {
namespace {

using namespace testing_support;

TEST(SyntheticCores, four_thousand_damaged_libraries_are_survived) {
  const ScratchDirectory scratch;
  const auto library = scratch.path() / "lib.so";
  build_library(library, many_frames, {"-s"});
  const std::vector<std::byte> good = file_bytes(library);
  ASSERT_TRUE(make_everything(good));
  const ElfFile elf = ElfFile::open(library);

  Mutator mutate(20261123);
  int made = 0;
  constexpr int inputs = 4000;
  for (int i = 0; i < inputs; ++i) {
    // Every other time within .eh_frame and its table, else anywhere.
    std::vector<std::byte> bytes;
    if (i % 2 == 0) {
      bytes = good;
      const Section& section = *elf.section(mutate.below(4) == 0 ? ".eh_frame_hdr" : ".eh_frame");
      const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(section.header.sh_offset);
      const auto end = at + static_cast<std::ptrdiff_t>(section.header.sh_size);
      auto damaged = mutate(std::vector<std::byte>(at, end));
      damaged.resize(section.header.sh_size);
      std::copy(damaged.begin(), damaged.end(), at);
    } else {
      bytes = mutate(good, 4096);
    }
    made += make_everything(std::move(bytes)) ? 1 : 0;
  }
  // Both ways are taken, or the mutations test nothing.
  EXPECT_GT(made, inputs / 10);
  EXPECT_LT(made, inputs * 19 / 20);
}

}  // namespace
}  // namespace splitstrip::synth
