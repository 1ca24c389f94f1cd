#include "consumers/foreign.h"

#include <cstddef>
#include <fstream>
#include <string>

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include "consumers/consumers.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

// A file of this machine, its ELF header changed to say another.
Subject of_machine(const ScratchDirectory& directory, const std::string& name,
                   std::uint16_t e_machine) {
  Subject subject;
  subject.unstripped = directory.path() / (name + ".so");
  testing_support::build_library(subject.unstripped, testing_support::small_source, {});
  std::fstream file(subject.unstripped, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(offsetof(Elf64_Ehdr, e_machine));
  file.write(reinterpret_cast<const char*>(&e_machine), sizeof e_machine);
  subject.machine = name;
  return subject;
}

bool asked(std::string_view consumer, std::string_view query, const Subject& subject) {
  for (const auto& one : all_consumers())
    if (one->name() == consumer) return one->concerns(query, subject);
  ADD_FAILURE() << consumer << ": no consumer of that name";
  return false;
}

class Foreign : public testing::Test {
 protected:
  void SetUp() override {
    utsname here{};
    ASSERT_EQ(uname(&here), 0);
    if (std::string_view(here.machine) != "x86_64") GTEST_SKIP() << "knows the answers of x86-64";
  }
  ScratchDirectory directory_;
};

TEST_F(Foreign, this_machines_own_is_asked_everything) {
  const Subject own = of_machine(directory_, "x86_64", EM_X86_64);
  EXPECT_FALSE(is_foreign(own));
  EXPECT_TRUE(runs_here(own));
  for (const char* consumer : {"gdb", "lldb", "drgn", "eu-stack", "valgrind"})
    EXPECT_TRUE(asked(consumer, "backtrace", own)) << consumer;
  EXPECT_TRUE(asked("systemtap", "probes", own));
  EXPECT_TRUE(asked("valgrind", "addresses", own));
  EXPECT_TRUE(asked("rr", "sources", own));
}

TEST_F(Foreign, another_machines_is_asked_only_what_its_file_answers) {
  const Subject foreign = of_machine(directory_, "s390x", EM_S390);
  EXPECT_TRUE(is_foreign(foreign));
  EXPECT_FALSE(runs_here(foreign));
  for (const char* consumer : {"gdb", "lldb", "drgn", "eu-stack", "valgrind"})
    EXPECT_FALSE(asked(consumer, "backtrace", foreign)) << consumer;
  EXPECT_FALSE(asked("systemtap", "probes", foreign));
  EXPECT_FALSE(asked("valgrind", "addresses", foreign));
  EXPECT_FALSE(asked("rr", "sources", foreign));
  for (const char* consumer : {"gdb", "lldb", "drgn"})
    EXPECT_TRUE(asked(consumer, "types", foreign)) << consumer;
  EXPECT_TRUE(asked("eu-stack", "addresses", foreign));
  EXPECT_TRUE(asked("abidiff", "abi-diff", foreign));
}

TEST_F(Foreign, made_up_stacks_are_walked_where_they_can_be_made) {
  const Subject foreign = of_machine(directory_, "aarch64", EM_AARCH64);
  EXPECT_TRUE(is_foreign(foreign));
  for (const char* consumer : {"lldb", "drgn", "eu-stack"})
    EXPECT_TRUE(asked(consumer, "backtrace", foreign)) << consumer;
  EXPECT_FALSE(asked("valgrind", "backtrace", foreign));
}

TEST_F(Foreign, the_kernel_runs_32_bit_code_too) {
  const Subject foreign = of_machine(directory_, "i686", EM_386);
  EXPECT_TRUE(is_foreign(foreign));
  EXPECT_TRUE(runs_here(foreign));
  EXPECT_TRUE(asked("systemtap", "probes", foreign));
  EXPECT_FALSE(asked("valgrind", "addresses", foreign));
}

}  // namespace
}  // namespace splitstrip
