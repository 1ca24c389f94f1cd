#include "subject/abi_break.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/elf_file.h"
#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "recipe/recipe.h"
#include "run/program.h"
#include "subject/fixture.h"
#include "subject/resolve.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;

class AbiBreakTest : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return scratch_.path() / name; }

  // abidiff of the conventional pairs of two unstripped files, each with a debug directory of its
  // own. Bit 2 of the exit status says that there is a change (abidiff(1)).
  ProgramEnd compare(const fs::path& good, const fs::path& bad) const {
    std::vector<std::string> argv{"abidiff", "--no-show-locs"};
    int number = 0;
    for (const fs::path& input : {good, bad}) {
      ++number;
      const fs::path root = file(fmt::format("pair{}", number));
      const ElfFile elf = ElfFile::open(input);
      const Pair pair{root / input.filename(),
                      root / "debug" / build_id_file(build_id(elf)->hex())};
      fs::create_directories(pair.debug.parent_path());
      find_recipe("conventional")->make(input, pair, scratch_.path());
      argv.push_back(fmt::format("--debug-info-dir{}", number));
      argv.push_back(root / "debug");
      mains_[number - 1] = pair.main;
    }
    argv.push_back(mains_[0]);
    argv.push_back(mains_[1]);
    Program program = Program::start(argv, "abigail-tools");
    return program.wait(std::chrono::minutes(1));
  }

  void expect_reported(const fs::path& unstripped) const {
    const fs::path broken = file("broken.so");
    const AbiBreak planted = plant_abi_break(unstripped, broken);
    for (const std::string& what : planted.what) std::printf("%s\n", what.c_str());
    const ProgramEnd same = compare(unstripped, unstripped);
    EXPECT_EQ(same.status & 4, 0) << same.output;
    const ProgramEnd other = compare(unstripped, broken);
    EXPECT_EQ(other.status & 4, 4) << other.output << other.errors;
  }

  ScratchDirectory scratch_;
  mutable std::array<fs::path, 2> mains_;
};

TEST_F(AbiBreakTest, changes_types_and_build_id_and_nothing_else) {
  build_library(file("lib.so"), small_source);
  const AbiBreak planted = plant_abi_break(file("lib.so"), file("broken.so"));
  ASSERT_THAT(planted.what, testing::SizeIs(2));
  EXPECT_THAT(planted.what[0],
              testing::MatchesRegex("(parameter [12]|return value) of .*: .* -> .*"));
  EXPECT_THAT(planted.what[1], HasSubstr("member "));
  const ElfFile good = ElfFile::open(file("lib.so"));
  const ElfFile bad = ElfFile::open(file("broken.so"));
  EXPECT_EQ(build_id(bad)->hex(), planted.build_id);
  EXPECT_NE(build_id(good)->hex(), planted.build_id);
  for (const Section& section : good.sections()) {
    const Section& other = bad.sections()[section.index];
    EXPECT_EQ(section.name, other.name);
    const bool changed = section.name == ".debug_info" || section.name == ".note.gnu.build-id" ||
                         section.name == ".shstrtab";
    EXPECT_TRUE(changed || std::ranges::equal(good.raw(section), bad.raw(other))) << section.name;
  }
  const auto before = good.raw(*good.section(".debug_info"));
  const auto after = bad.raw(*bad.section(".debug_info"));
  ASSERT_EQ(before.size(), after.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < before.size(); ++i) different += before[i] != after[i];
  EXPECT_GE(different, 2U);
  EXPECT_LE(different, 8U);  // two references
}

TEST_F(AbiBreakTest, is_the_same_on_every_run_and_on_compressed_dwarf) {
  build_library(file("lib.so"), small_source);
  const AbiBreak first = plant_abi_break(file("lib.so"), file("first.so"));
  const AbiBreak second = plant_abi_break(file("lib.so"), file("second.so"));
  EXPECT_EQ(first.what, second.what);
  EXPECT_EQ(file_bytes(file("first.so")), file_bytes(file("second.so")));
  run({"objcopy", "--compress-debug-sections", file("lib.so"), file("packed.so")});
  EXPECT_EQ(plant_abi_break(file("packed.so"), file("third.so")).what, first.what);
}

TEST_F(AbiBreakTest, a_library_without_a_place_for_it_is_an_error) {
  build_library(file("lib.so"), "void nothing(void) {}");
  EXPECT_THAT(message_of([&] { plant_abi_break(file("lib.so"), file("broken.so")); }),
              HasSubstr("no ABI break can be planted"));
  EXPECT_FALSE(fs::exists(file("broken.so")));
}

TEST_F(AbiBreakTest, abidiff_reports_it_on_every_fixture) {
  for (const std::string& name : fixture_names()) {
    SCOPED_TRACE(name);
    const fs::path unstripped = fixture(name).unstripped;
    // It exports nothing that has a type.
    if (name == "assembly") {
      EXPECT_THROW(plant_abi_break(unstripped, file(name + ".so")), Error);
    } else {
      expect_reported(unstripped);
    }
  }
}

// Those real libraries that abidiff reads in seconds.
TEST_F(AbiBreakTest, abidiff_reports_it_on_real_libraries) {
  std::size_t checked = 0;
  for (const fs::path& library : real_libraries()) {
    if (!fs::exists(library)) continue;
    const std::string name = library.filename();
    if (name != "libnl-3.so.200" && name != "libpcre.so.3" && name != "liblua5.4.so.0") continue;
    SCOPED_TRACE(name);
    std::vector<Subject> subjects;
    try {
      subjects = resolve_subjects({library}, file(name));
    } catch (const Error& error) {
      std::fprintf(stderr, "not checked: %s\n", error.what());
      continue;
    }
    expect_reported(subjects.at(0).unstripped);
    ++checked;
  }
  if (checked == 0) GTEST_SKIP() << "no library with its debug package is installed";
}

}  // namespace
}  // namespace splitstrip
