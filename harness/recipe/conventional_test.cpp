// That a strip which fails, or writes garbage, is noticed and done by another program.
#include "recipe/conventional.h"

#include <algorithm>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "recipe/pair_fault.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;

class ConventionalTest : public testing::Test {
 protected:
  ConventionalTest() { build_library(file("libsmall.so"), small_source); }
  ~ConventionalTest() override { setenv("PATH", path_.c_str(), 1); }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }

  // Puts a program of that name in front of the system's. $REAL is the system's.
  void plant(const std::string& name, const std::string& script) const {
    const fs::path program = file("bin") / name;
    fs::create_directories(file("bin"));
    write_file(program, "#!/bin/sh\nPATH='" + path_ + "'\n" + script);
    fs::permissions(program, fs::perms::owner_all);
    setenv("PATH", (file("bin").string() + ":" + path_).c_str(), 1);
  }

  Pair strip(const std::string& name, StripTool tool = find_strip_tool()) const {
    fs::create_directories(file("scratch"));
    for (const char* old : {"libsmall.so", "libsmall.so.debug"}) fs::remove(file("scratch") / old);
    return ConventionalStrip(file(name), "libsmall.so", file("scratch"), tool).finish();
  }

  // Strips, which must do; returns what was said.
  std::string said(const std::string& name = "libsmall.so") const {
    testing::internal::CaptureStderr();
    Pair made;
    try {
      made = strip(name);
    } catch (...) {
      testing::internal::GetCapturedStderr();
      throw;
    }
    EXPECT_EQ(pair_fault(ElfFile::open(file(name)), made), std::nullopt);
    return testing::internal::GetCapturedStderr();
  }

  ScratchDirectory scratch_;
  std::string path_ = std::getenv("PATH");
};

TEST_F(ConventionalTest, nothing_is_said_where_all_is_well) {
  EXPECT_EQ(said(), "");
}

TEST_F(ConventionalTest, what_eu_strip_cannot_strip_objcopy_strips_and_that_is_said) {
  plant("eu-strip", "echo 'eu-strip: illformed file' >&2; exit 1\n");
  EXPECT_THAT(said(), AllOf(HasSubstr(file("libsmall.so").string() + ": eu-strip failed: "),
                            HasSubstr("illformed file; stripped with objcopy instead\n")));
}

TEST_F(ConventionalTest, garbage_that_eu_strip_wrote_is_noticed) {
  const std::string words =
      "while [ $# -gt 1 ]; do case $1 in -f) d=$2;; -o) m=$2;; esac; shift; "
      "done\n";
  for (const auto& [how, complaint] : {
           std::pair("echo garbage >$d; echo garbage >$m", "cannot be read"),
           {"cp $1 $m; cp $1 $d", "holds the code"},
           {"eu-strip -f $d -o $m $1; objcopy --remove-section .debug_info $d", ".debug_info"},
           {"eu-strip -f $d -o $m $1; head -c 2000 $m >$m.cut; mv $m.cut $m", "cannot be read"},
           {"eu-strip -f $d -o $m $1; echo >>$d", "no debug link that fits"},
           {"cp $1 $m", "made no debug file"},
       }) {
    plant("eu-strip", words + how);
    EXPECT_THAT(said(), AllOf(HasSubstr(complaint), HasSubstr("stripped with objcopy instead\n")))
        << how;
  }
}

TEST_F(ConventionalTest, where_objcopy_fails_too_llvm_does_it) {
  if (!program_exists("llvm-objcopy") || !program_exists("llvm-strip"))
    GTEST_SKIP() << "no llvm-objcopy here";
  plant("eu-strip", "exit 1\n");
  plant("objcopy", "echo 'objcopy: Unable to recognise the format' >&2; exit 1\n");
  EXPECT_THAT(said(), HasSubstr("stripped with llvm-objcopy instead\n"));
}

TEST_F(ConventionalTest, where_all_fail_the_error_names_the_file_and_none_of_ours) {
  const std::string fails = "echo \"$0: $*: cannot do that\" >&2; exit 1\n";
  for (const char* program : {"eu-strip", "objcopy", "llvm-objcopy"}) plant(program, fails);
  EXPECT_THAT(
      message_of([&] { strip("libsmall.so"); }),
      AllOf(testing::StartsWith(file("libsmall.so").string() + ": eu-strip failed: "),
            HasSubstr("objcopy failed: "), Not(HasSubstr("/scratch/")), Not(HasSubstr("\n"))));
}

// A binary of Solaris, and of a machine that this one's binutils know nothing of.
TEST_F(ConventionalTest, other_systems_and_machines_are_stripped) {
  std::vector<std::byte> bytes = file_bytes(file("libsmall.so"));
  bytes[EI_OSABI] = std::byte{ELFOSABI_SOLARIS};
  write_bytes(file("solaris.so"), bytes);
  said("solaris.so");
  const ElfFile main = ElfFile::open(file("scratch/libsmall.so"));
  EXPECT_EQ(main.header().e_ident[EI_OSABI], ELFOSABI_SOLARIS);
  plant("eu-strip", "exit 1\n");
  EXPECT_THAT(said("solaris.so"), HasSubstr("stripped with objcopy instead"));

  if (!program_exists("clang") || !program_exists("ld.lld") || !program_exists("llvm-strip"))
    GTEST_SKIP() << "no clang or lld here";
  write_file(file("small.c"), small_source);
  run({"clang", "--target=armv7-linux-gnueabi", "-g", "-fPIC", "-c", "-o", file("arm.o"),
       file("small.c")});
  run({"ld.lld", "-shared", "--build-id=sha1", "-o", file("arm.so"), file("arm.o")});
  setenv("PATH", path_.c_str(), 1);
  EXPECT_EQ(said("arm.so"), "");
  plant("eu-strip", "exit 1\n");
  EXPECT_THAT(said("arm.so"), HasSubstr("stripped with "));
}

// Each kind of damage to a sound pair.
TEST_F(ConventionalTest, damage_of_every_kind_is_a_fault) {
  const ElfFile original = ElfFile::open(file("libsmall.so"));
  const Pair made = strip("libsmall.so");
  ASSERT_EQ(pair_fault(original, made), std::nullopt);
  const auto damage = [&](const fs::path& which, const char* section, std::size_t at) {
    std::vector<std::byte> bytes = file_bytes(which);
    const ElfFile elf = ElfFile::open(which);
    bytes[elf.section(section)->header.sh_offset + at] ^= std::byte{1};
    return bytes;
  };
  const auto fault_with = [&](const fs::path& which, const std::vector<std::byte>& bytes) {
    const std::vector<std::byte> before = file_bytes(which);
    write_bytes(which, bytes);
    const std::string fault = pair_fault(original, made).value_or("none");
    write_bytes(which, before);
    return fault;
  };
  for (const char* section : {".text", ".data", ".dynsym", ".eh_frame"})
    EXPECT_THAT(fault_with(made.main, damage(made.main, section, 1)), HasSubstr(section));
  for (const char* section : {".debug_info", ".debug_line", ".debug_str"})
    EXPECT_THAT(fault_with(made.debug, damage(made.debug, section, 1)), HasSubstr(section));
  EXPECT_THAT(fault_with(made.main, damage(made.main, ".gnu_debuglink", 20)),
              HasSubstr("no debug link that fits"));
  EXPECT_THAT(fault_with(made.debug, damage(made.debug, ".note.gnu.build-id", 20)),
              HasSubstr("another build-id"));
  std::vector<std::byte> bytes = file_bytes(made.main);
  bytes[EI_OSABI] = std::byte{ELFOSABI_SOLARIS};
  EXPECT_THAT(fault_with(made.main, bytes), HasSubstr("another ELF header"));
  EXPECT_THAT(fault_with(made.debug, file_bytes(file("libsmall.so"))), HasSubstr("holds the code"));
}

}  // namespace
}  // namespace splitstrip
