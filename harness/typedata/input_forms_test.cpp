// However the DWARF is written, typedata says the same: each way to build one library is compared
// with a plain DWARF 5 build of it.
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/elf_file.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "typedata/built.h"
#include "typedata/forms.h"

namespace splitstrip {
namespace {

using namespace testing_support;

struct Form {
  const char* name;
  std::vector<std::string> compile;
  std::vector<std::string> link;
  bool dwz = false;
};

// As ctest shows it.
void PrintTo(const Form& form, std::ostream* out) {
  *out << form.name;
}

class InputForms : public testing::TestWithParam<Form> {};

TEST_P(InputForms, SayTheSameAsPlainDwarf5) {
  const Form& form = GetParam();
  const ScratchDirectory scratch;
  const auto file = compile_units(scratch.path(), "gcc", form_sources(), form.compile, form.link);
  if (form.dwz) {
    if (!have_program("dwz")) GTEST_SKIP() << "dwz is missing (package dwz)";
    run({"dwz", file.string()});
  }
  EXPECT_EQ(typedata_as_c(file), plain_dwarf_5());
}

INSTANTIATE_TEST_SUITE_P(
    All, InputForms,
    testing::Values(
        Form{"dwarf2", {"-gdwarf-2"}, {}}, Form{"dwarf3", {"-gdwarf-3"}, {}},
        Form{"dwarf4", {"-gdwarf-4"}, {}},
        Form{"dwarf4_type_units", {"-gdwarf-4", "-fdebug-types-section"}, {}},
        Form{"dwarf5_type_units", {"-gdwarf-5", "-fdebug-types-section"}, {}},
        Form{"dwarf4_64_bit", {"-gdwarf-4", "-gdwarf64"}, {}},
        Form{"dwarf5_64_bit", {"-gdwarf-5", "-gdwarf64"}, {}},
        Form{"zlib", {"-gdwarf-5"}, {"-Wl,--compress-debug-sections=zlib"}},
        Form{"zlib_gnu", {"-gdwarf-4"}, {"-Wl,--compress-debug-sections=zlib-gnu"}},
        Form{"zstd", {"-gdwarf-5"}, {"-Wl,--compress-debug-sections=zstd"}},
        Form{"dwz_dwarf4", {"-gdwarf-4"}, {}, true}, Form{"dwz_dwarf5", {"-gdwarf-5"}, {}, true},
        Form{"lto", {"-gdwarf-5", "-flto"}, {"-flto", "-O1", "-g"}},
        Form{"sections", {"-ffunction-sections", "-fdata-sections"}, {"-Wl,--gc-sections"}}),
    [](const testing::TestParamInfo<Form>& each) { return each.param.name; });

TEST(InputForms, ClangSaysTheSameOfEveryLayout) {
  if (!have_program("clang")) GTEST_SKIP() << "clang is missing (package clang)";
  for (const char* version : {"-gdwarf-4", "-gdwarf-5"}) {
    const ScratchDirectory scratch;
    const auto file = compile_units(scratch.path(), "clang", form_sources(), {version});
    const TypedataResult result = build_typedata(file, file);
    EXPECT_EQ(result.coverage.functions_typed, 6U);
    const ReadBack read(result);
    const auto bits = read.types(TypeKind::structure, "bits");
    ASSERT_EQ(bits.size(), 1U);
    EXPECT_EQ(bits[0]->members[1].bit_offset, 32U) << "b";
    EXPECT_EQ(bits[0]->members[2].bit_offset, 64U) << "c";
    EXPECT_EQ(read.types(TypeKind::structure, "opaque").size(), 1U);
  }
}

TEST(InputForms, DwzsCommonFileIsFollowed) {
  if (!have_program("dwz")) GTEST_SKIP() << "dwz is missing (package dwz)";
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.path() / "a");
  std::filesystem::create_directory(scratch.path() / "b");
  const auto first = compile_units(scratch.path() / "a", "gcc", form_sources(), {"-gdwarf-5"});
  const auto second = compile_units(scratch.path() / "b", "gcc", form_sources(), {"-gdwarf-5"});
  const auto common = scratch.path() / "common.debug";
  run({"dwz", "-m", common.string(), first.string(), second.string()});
  ASSERT_TRUE(std::filesystem::exists(common));
  EXPECT_EQ(typedata_as_c(first), plain_dwarf_5());
  EXPECT_EQ(typedata_as_c(second), plain_dwarf_5());
  std::filesystem::remove(common);
  EXPECT_THAT(message_of([&] { build_typedata(first, first); }),
              testing::AllOf(testing::HasSubstr("common.debug"), testing::HasSubstr("install")));
}

TEST(InputForms, AStrippedMainAndItsDebugFileSayTheSame) {
  const ScratchDirectory scratch;
  const auto file = compile_units(scratch.path(), "gcc", form_sources(), {"-gdwarf-5"});
  const auto whole = build_typedata(file, file);
  const auto debug = scratch.path() / "lib.debug";
  const auto main = scratch.path() / "lib.main";
  run({"eu-strip", "-f", debug.string(), "-o", main.string(), file.string()});
  EXPECT_EQ(build_typedata(debug, main).section, whole.section);
}

struct Target {
  const char* name;
  const char* triple;
  bool is_64;
  bool big_endian;
};

// As ctest shows it.
void PrintTo(const Target& target, std::ostream* out) {
  *out << target.name;
}

class ForeignTargets : public testing::TestWithParam<Target> {};

TEST_P(ForeignTargets, AreReadAndWrittenInTheirOwnForm) {
  const Target& target = GetParam();
  if (!have_program("clang") || !have_program("ld.lld")) {
    GTEST_SKIP() << "clang or ld.lld is missing (packages clang, lld)";
  }
  const ScratchDirectory scratch;
  std::vector<std::string> link{"ld.lld", "-shared", "--build-id", "-o",
                                (scratch.path() / "lib.so").string()};
  for (const auto& [name, text] : form_sources()) {
    const auto source = scratch.path() / name;
    write_file(source, text);
    run({"clang", "-target", target.triple, "-gdwarf-4", "-O1", "-w", "-fPIC", "-c", "-o",
         source.string() + ".o", source.string()});
    link.push_back(source.string() + ".o");
  }
  run(link);
  const auto file = scratch.path() / "lib.so";
  const TypedataResult result = build_typedata(file, file);
  EXPECT_EQ(result.coverage.functions_typed, 6U);
  EXPECT_EQ(result.coverage.objects_typed, 4U);
  const auto bytes = std::as_bytes(std::span(result.object.data(), result.object.size()));
  const ElfFile object = ElfFile::from_memory({bytes.begin(), bytes.end()}, "object");
  EXPECT_EQ(object.is_64(), target.is_64);
  EXPECT_EQ(object.big_endian(), target.big_endian);
  EXPECT_EQ(object.header().e_machine, ElfFile::open(file).header().e_machine);
  const ReadBack read(result);
  const auto bits = read.types(TypeKind::structure, "bits");
  ASSERT_EQ(bits.size(), 1U);
  EXPECT_EQ(bits[0]->members[0].bit_offset, 0U) << "a";
  EXPECT_EQ(bits[0]->members[1].bit_offset, 32U) << "b";
  EXPECT_EQ(read.function("walk")->parameters.size(), 4U);
}

INSTANTIATE_TEST_SUITE_P(All, ForeignTargets,
                         testing::Values(Target{"i386", "i386-linux-gnu", false, false},
                                         Target{"aarch64", "aarch64-linux-gnu", true, false},
                                         Target{"ppc64le", "powerpc64le-linux-gnu", true, false},
                                         Target{"ppc", "powerpc-linux-gnu", false, true}),
                         [](const testing::TestParamInfo<Target>& each) {
                           return each.param.name;
                         });

}  // namespace
}  // namespace splitstrip
