// Split DWARF: types come out of .dwo files or a .dwp package, and are those of a build that is not
// split; where a file is not to be had, the reason names it.
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/mutate.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "typedata/built.h"
#include "typedata/forms.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using namespace testing_support;
using testing::AllOf;
using testing::Each;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::StartsWith;

enum class Package { none, gold, llvm };

// Packs the .dwo files of `directory` into LIBRARY.dwp, and takes them away.
void pack(const fs::path& library, Package how) {
  const fs::path package = library.string() + ".dwp";
  std::vector<std::string> command{"llvm-dwp", "-o", package.string()};
  if (how == Package::gold) command = {"dwp", "-e", library.string(), "-o", package.string()};
  std::vector<fs::path> parts;
  for (const auto& entry : fs::directory_iterator(library.parent_path()))
    if (entry.path().extension() == ".dwo") parts.push_back(entry.path());
  ASSERT_FALSE(parts.empty());
  if (how == Package::llvm) command.insert(command.end(), parts.begin(), parts.end());
  run(command);
  for (const auto& part : parts) fs::remove(part);
}

// "two.c" -> {"two.c.dwo …", …}: the reasons for what is not typed.
std::vector<std::string> reasons(const TypedataResult& result) {
  std::vector<std::string> all;
  for (const Untyped& untyped : result.coverage.untyped) all.push_back(untyped.reason);
  return all;
}

struct Split {
  const char* name;
  const char* compiler;
  std::vector<std::string> compile;
  Package package;
};

// As ctest shows it.
void PrintTo(const Split& split, std::ostream* out) {
  *out << split.name;
}

class SplitDwarf : public testing::TestWithParam<Split> {};

TEST_P(SplitDwarf, says_the_same_as_a_build_that_is_not_split) {
  const Split& form = GetParam();
  if (!have_program(form.compiler)) GTEST_SKIP() << form.compiler << " is missing";
  if (form.package == Package::llvm && !have_program("llvm-dwp"))
    GTEST_SKIP() << "llvm-dwp is missing (package llvm)";
  const ScratchDirectory scratch;
  fs::create_directories(scratch.path() / "plain");
  const auto plain =
      compile_units(scratch.path() / "plain", form.compiler, form_sources(), form.compile);
  std::vector<std::string> flags = form.compile;
  flags.emplace_back("-gsplit-dwarf");
  const auto file = compile_units(scratch.path(), form.compiler, form_sources(), flags);
  if (form.package != Package::none) pack(file, form.package);
  EXPECT_EQ(typedata_as_c(file), typedata_as_c(plain));
}

INSTANTIATE_TEST_SUITE_P(
    All, SplitDwarf,
    testing::Values(
        Split{"gcc4", "gcc", {"-gdwarf-4"}, Package::none},
        Split{"gcc4_gold", "gcc", {"-gdwarf-4"}, Package::gold},
        Split{"gcc4_types_gold", "gcc", {"-gdwarf-4", "-fdebug-types-section"}, Package::gold},
        Split{"gcc4_types", "gcc", {"-gdwarf-4", "-fdebug-types-section"}, Package::none},
        Split{"gcc4_llvm", "gcc", {"-gdwarf-4"}, Package::llvm},
        Split{"gcc5", "gcc", {"-gdwarf-5"}, Package::none},
        Split{"gcc5_types", "gcc", {"-gdwarf-5", "-fdebug-types-section"}, Package::none},
        Split{"gcc5_64_bit", "gcc", {"-gdwarf-5", "-gdwarf64"}, Package::none},
        Split{"gcc5_zlib", "gcc", {"-gdwarf-5", "-gz"}, Package::none},
        Split{"gcc5_sections", "gcc", {"-gdwarf-5", "-ffunction-sections"}, Package::none},
        Split{"gcc5_llvm", "gcc", {"-gdwarf-5"}, Package::llvm},
        Split{"clang4", "clang", {"-gdwarf-4"}, Package::none},
        Split{"clang4_llvm", "clang", {"-gdwarf-4"}, Package::llvm},
        Split{"clang4_gold", "clang", {"-gdwarf-4"}, Package::gold},
        Split{"clang5", "clang", {"-gdwarf-5"}, Package::none},
        Split{"clang5_types", "clang", {"-gdwarf-5", "-fdebug-types-section"}, Package::none},
        Split{"clang5_llvm", "clang", {"-gdwarf-5"}, Package::llvm},
        Split{"clang5_types_llvm", "clang", {"-gdwarf-5", "-fdebug-types-section"}, Package::llvm}),
    [](const testing::TestParamInfo<Split>& each) { return each.param.name; });

class SplitFilesAtHand : public testing::Test {
 protected:
  fs::path build(const std::string& compiler = "gcc",
                 const std::vector<std::string>& more = {}) const {
    std::vector<std::string> flags{"-gdwarf-5", "-gsplit-dwarf"};
    flags.insert(flags.end(), more.begin(), more.end());
    return compile_units(scratch_.path(), compiler, form_sources(), flags);
  }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }

  ScratchDirectory scratch_;
};

TEST_F(SplitFilesAtHand, are_found_beside_the_library_if_they_were_moved_with_it) {
  const auto library = build();
  const auto moved = file("elsewhere/lib.so.1");
  fs::create_directories(moved.parent_path());
  for (const char* name : {"lib.so.1", "one.c.dwo", "two.c.dwo"})
    fs::rename(file(name), moved.parent_path() / name);
  EXPECT_EQ(typedata_as_c(moved), plain_dwarf_5());
}

TEST_F(SplitFilesAtHand, are_found_by_a_debug_file_and_by_the_main_that_it_belongs_to) {
  const auto library = build();
  const auto debug = file("debug/lib.debug");
  const auto main = file("lib.so");
  fs::create_directories(debug.parent_path());
  run({"eu-strip", "-f", debug.string(), "-o", main.string(), library.string()});
  const auto whole = build_typedata(library, library);
  EXPECT_EQ(build_typedata(debug, main).section, whole.section);
  if (!have_program("llvm-dwp")) GTEST_SKIP() << "llvm-dwp is missing (package llvm)";
  pack(library, Package::llvm);
  for (const char* place : {"debug/lib.dwp", "debug/lib.debug.dwp", "lib.so.dwp"}) {
    fs::copy_file(file("lib.so.1.dwp"), file(place));
    EXPECT_EQ(build_typedata(debug, main).coverage.functions_typed, 6U) << place;
    fs::remove(file(place));
  }
  EXPECT_EQ(build_typedata(debug, main).coverage.functions_typed, 0U);
}

TEST_F(SplitFilesAtHand, that_are_missing_are_named_and_cost_nothing_else) {
  const auto library = build();
  fs::remove(file("two.c.dwo"));
  const TypedataResult result = build_typedata(library, library);
  EXPECT_EQ(result.coverage.functions_typed, 3U);
  EXPECT_EQ(result.coverage.objects_typed, 2U);
  EXPECT_THAT(reasons(result),
              AllOf(testing::SizeIs(5), Each(HasSubstr("two.c.dwo is not at hand"))));
  EXPECT_THAT(reasons(result),
              testing::Contains(StartsWith("split DWARF: " + scratch_.path().string())));
}

TEST_F(SplitFilesAtHand, of_another_build_are_refused) {
  const auto library = build();
  fs::create_directories(file("other"));
  auto sources = form_sources();
  sources[1].second += "int more(long a) { return a; }";
  compile_units(file("other"), "gcc", sources, {"-gdwarf-5", "-gsplit-dwarf"});
  fs::copy_file(file("other/two.c.dwo"), file("two.c.dwo"), fs::copy_options::overwrite_existing);
  const TypedataResult result = build_typedata(library, library);
  EXPECT_EQ(result.coverage.functions_typed, 3U);
  EXPECT_THAT(reasons(result), Each(EndsWith("two.c.dwo is of another build")));
}

TEST_F(SplitFilesAtHand, that_are_no_elf_or_no_file_are_named) {
  const auto library = build();
  write_file(file("two.c.dwo"), "text");
  EXPECT_THAT(reasons(build_typedata(library, library)), Each(HasSubstr("two.c.dwo: ")));
  fs::remove(file("two.c.dwo"));
  fs::create_directories(file("two.c.dwo"));
  EXPECT_THAT(reasons(build_typedata(library, library)), Each(HasSubstr("is not at hand")));
  write_file(file("lib.so.1.dwp"), "text");
  EXPECT_THAT(reasons(build_typedata(library, library)), Each(HasSubstr("lib.so.1.dwp: ")));
}

// With -fsplit-dwarf-inlining the skeleton names functions too, but without types.
TEST_F(SplitFilesAtHand, a_skeleton_alone_types_nothing) {
  if (!have_program("clang")) GTEST_SKIP() << "clang is missing (package clang)";
  const auto library = build("clang", {"-fsplit-dwarf-inlining", "-O2"});
  fs::remove(file("one.c.dwo"));
  fs::remove(file("two.c.dwo"));
  const TypedataResult result = build_typedata(library, library);
  EXPECT_EQ(result.coverage.functions_typed, 0U);
  EXPECT_EQ(result.coverage.objects_typed, 0U);
}

TEST_F(SplitFilesAtHand, may_be_damaged_in_any_way) {
  if (!have_program("llvm-dwp")) GTEST_SKIP() << "llvm-dwp is missing (package llvm)";
  const auto library = build("gcc", {"-fdebug-types-section"});
  const auto part = file("two.c.dwo");
  const auto package = file("lib.so.1.dwp");
  Mutator mutate(20261123);
  const auto damage = [&](const fs::path& path) {
    const auto good = file_bytes(path);
    std::size_t typed = 0;
    for (int round = 0; round < 150; ++round) {
      write_bytes(path, mutate(good));
      const TypedataResult result = build_typedata(library, library);
      EXPECT_LE(result.coverage.functions_typed, 6U);
      typed += result.coverage.functions_typed;
    }
    write_bytes(path, good);
    EXPECT_GT(typed, 150U) << "hardly anything was left to read of " << path;
  };
  damage(part);
  const auto plain = build("gcc");  // llvm-dwp 14 does not take gcc's type units
  ASSERT_NO_FATAL_FAILURE(pack(plain, Package::llvm));
  damage(package);
}

}  // namespace
}  // namespace splitstrip
