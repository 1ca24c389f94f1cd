#include "check/staged_identity.h"

#include <string>

#include <gtest/gtest.h>

#include "elf/elf_file.h"
#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "recipe/recipe.h"
#include "run/paths.h"
#include "run/scratch.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

TEST(StagedIdentity, gives_a_copy_another_build_id_of_the_same_length_and_changes_nothing_else) {
  const ScratchDirectory scratch;
  const auto copy = scratch.path() / "copy";
  std::filesystem::copy_file(own_executable(), copy);
  const ElfFile before = ElfFile::open(copy);
  const auto old = build_id(before);
  ASSERT_TRUE(old) << "linked without --build-id";
  const std::string wanted(old->hex().size(), 'a');

  give_build_id(copy, std::nullopt, wanted);

  const ElfFile after = ElfFile::open(copy);
  EXPECT_EQ(build_id(after)->hex(), wanted);
  ASSERT_EQ(after.bytes().size(), before.bytes().size());
  std::size_t changed = 0;
  for (std::size_t i = 0; i < before.bytes().size(); ++i)
    changed += before.bytes()[i] != after.bytes()[i] ? 1 : 0;
  EXPECT_LE(changed, wanted.size() / 2);
  EXPECT_THROW(give_build_id(copy, std::nullopt, wanted + "aa"), Error);
}

TEST(StagedIdentity, the_debug_link_of_main_fits_the_debug_file_again) {
  const ScratchDirectory scratch;
  const Pair pair{scratch.path() / "main", scratch.path() / "debug"};
  find_recipe("conventional")->make(own_executable(), pair, scratch.path());
  const ElfFile before = ElfFile::open(pair.main);
  const std::string wanted(build_id(before)->hex().size(), 'b');

  give_build_id(pair.main, pair.debug, wanted);

  const ElfFile main = ElfFile::open(pair.main);
  const ElfFile debug = ElfFile::open(pair.debug);
  EXPECT_EQ(build_id(main)->hex(), wanted);
  EXPECT_EQ(build_id(debug)->hex(), wanted);
  ASSERT_TRUE(debug_link(main));
  EXPECT_EQ(debug_link(main)->crc, debug_link_crc(debug.bytes()));
  EXPECT_EQ(debug_link_name(pair.main), debug_link(main)->file_name);
}

TEST(StagedIdentity, the_typedata_of_main_is_still_its_own) {
  const ScratchDirectory scratch;
  const Pair pair{scratch.path() / "main", scratch.path() / "debug"};
  testing_support::build_library(scratch.path() / "lib.so",
                                 "int twice(int number) { return 2 * number; }");
  find_recipe("typedata")->make(scratch.path() / "lib.so", pair, scratch.path());
  const std::string wanted(build_id_of(pair.main).size(), 'c');

  give_build_id(pair.main, pair.debug, wanted);

  const ElfFile object = open_typedata(ElfFile::open(pair.main));
  EXPECT_EQ(build_id(object)->hex(), wanted);
}

TEST(StagedIdentity, a_main_without_a_debug_link_has_no_name_for_it) {
  EXPECT_EQ(debug_link_name(own_executable()), "");
}

}  // namespace
}  // namespace splitstrip
