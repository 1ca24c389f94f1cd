#include "elf/code_addresses.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/symbols.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using namespace testing_support;

class CodeAddressesTest : public testing::Test {
 protected:
  CodeAddressesTest() { build_library(scratch_.path() / "lib.so", small_source); }
  ScratchDirectory scratch_;
  std::filesystem::path library() const { return scratch_.path() / "lib.so"; }
};

TEST_F(CodeAddressesTest, holds_every_function_and_what_objdump_sees_behind_calls) {
  const ElfFile elf = ElfFile::open(library());
  const std::vector<std::uint64_t> addresses = code_addresses(elf);
  EXPECT_TRUE(std::ranges::is_sorted(addresses));
  for (const Symbol& symbol : exported_symbols(elf))
    EXPECT_TRUE(symbol.object() || std::ranges::binary_search(addresses, symbol.value))
        << symbol.name;
  if (elf.header().e_machine != EM_X86_64) GTEST_SKIP() << "the rest decodes x86-64";

  // Independent: the line after a call in the disassembly of scale().
  const std::string text =
      run({"objdump", "-d", "--no-show-raw-insn", "--disassemble=move_shape", library().string()});
  std::size_t calls = 0;
  for (std::size_t at = text.find("call "); at != std::string::npos;
       at = text.find("call ", at + 1)) {
    const std::size_t line = text.find('\n', at) + 1;
    const std::uint64_t next =
        std::stoull(text.substr(line, text.find(':', line) - line), nullptr, 16);
    EXPECT_TRUE(std::ranges::binary_search(addresses, next)) << std::hex << next;
    ++calls;
  }
  EXPECT_GE(calls, 1U);
}

TEST_F(CodeAddressesTest, a_limit_spreads_them_evenly_and_keeps_the_ends) {
  const ElfFile elf = ElfFile::open(library());
  const std::vector<std::uint64_t> all = code_addresses(elf);
  ASSERT_GT(all.size(), 5U);
  const std::vector<std::uint64_t> some = code_addresses(elf, 5);
  EXPECT_EQ(some.size(), 5U);
  EXPECT_EQ(some.front(), all.front());
  EXPECT_EQ(some.back(), all.back());
  EXPECT_TRUE(std::ranges::includes(all, some));
  EXPECT_EQ(some, code_addresses(elf, 5));
}

TEST_F(CodeAddressesTest, a_stripped_library_has_its_exported_functions) {
  run({"strip", library().string()});
  EXPECT_GE(code_addresses(ElfFile::open(library())).size(), 4U);
}

}  // namespace
}  // namespace splitstrip
