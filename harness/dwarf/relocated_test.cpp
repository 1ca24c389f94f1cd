#include "dwarf/relocated.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dwarf/debug_info.h"
#include "elf/symbols.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using namespace testing_support;

constexpr const char* second_source = R"(
enum colour { red, green = 5 };
struct pixel { enum colour colour; long long depth; };
static int counter;
int paint(struct pixel *pixel, enum colour colour) { return counter += pixel->colour == colour; }
static int erase(int a) { return a - counter; }
int (*erase_all)(int) = erase;
)";

// Two units in one object file, with a section for each function, as kernel modules have it.
class RelocatedTest : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return scratch_.path() / name; }

  fs::path object(const std::string& compiler, const std::vector<std::string>& flags = {}) const {
    write_file(file("one.c"), small_source);
    write_file(file("two.c"), second_source);
    for (const char* name : {"one", "two"}) {
      std::vector<std::string> argv{compiler,
                                    "-g",
                                    "-O1",
                                    "-ffunction-sections",
                                    "-c",
                                    "-o",
                                    file(std::string(name) + ".o"),
                                    file(std::string(name) + ".c")};
      argv.insert(argv.end(), flags.begin(), flags.end());
      run(argv);
    }
    run({compiler, "-r", "-nostdlib", "-o", file("module.ko"), file("one.o"), file("two.o")});
    return file("module.ko");
  }

  // The functions of the DWARF by name, with the addresses that are told.
  static std::map<std::string, std::uint64_t> functions(const DebugInfo& info) {
    std::map<std::string, std::uint64_t> found;
    for (const Unit& unit : info.units())
      for (const Die& child : unit.die().children()) {
        Dwarf_Addr low = 0;
        Dwarf_Die raw = child.raw();
        if (child.tag() != DW_TAG_subprogram || dwarf_lowpc(&raw, &low) != 0) continue;
        found.emplace(child.string(DW_AT_name).value_or("?"), low);
      }
    return found;
  }

  static void expect_symbols_and_dwarf_to_agree(const fs::path& object) {
    const DebugInfo info = DebugInfo::open(object);
    const auto in_dwarf = functions(info);
    EXPECT_THAT(in_dwarf, testing::SizeIs(testing::Ge(5U)));
    const auto linked = relocated(ElfFile::open(object));
    ASSERT_TRUE(linked.has_value());
    std::map<std::string, std::uint64_t> in_symbols;
    for (const Symbol& symbol : full_symbols(*linked))
      if (symbol.function()) in_symbols.emplace(symbol.name, symbol.value);
    for (const auto& [name, address] : in_dwarf) EXPECT_EQ(in_symbols.at(name), address) << name;
    // No two at one address: sections were laid out, not left at 0.
    std::vector<std::uint64_t> addresses;
    for (const auto& [name, address] : in_dwarf) addresses.push_back(address);
    std::ranges::sort(addresses);
    EXPECT_EQ(std::ranges::adjacent_find(addresses), addresses.end());
  }

  ScratchDirectory scratch_;
};

TEST_F(RelocatedTest, what_is_linked_already_stays_as_it_is) {
  build_library(file("libsmall.so"), small_source);
  EXPECT_FALSE(relocated(ElfFile::open(file("libsmall.so"))).has_value());
}

TEST_F(RelocatedTest, names_and_addresses_are_those_of_the_symbols) {
  expect_symbols_and_dwarf_to_agree(object("gcc"));
  expect_symbols_and_dwarf_to_agree(object("gcc", {"-gz=zlib"}));
  expect_symbols_and_dwarf_to_agree(object("gcc", {"-gdwarf-4"}));
}

TEST_F(RelocatedTest, on_other_machines_too) {
  int tried = 0;
  for (const char* compiler : {"s390x-linux-gnu-gcc", "i686-linux-gnu-gcc", "aarch64-linux-gnu-gcc",
                               "powerpc64le-linux-gnu-gcc"}) {
    if (!program_exists(compiler)) continue;
    SCOPED_TRACE(compiler);
    expect_symbols_and_dwarf_to_agree(object(compiler));
    ++tried;
  }
  if (tried == 0) GTEST_SKIP() << "no compiler for another machine here";
}

TEST_F(RelocatedTest, an_object_file_and_its_debug_file_are_laid_out_alike) {
  const fs::path whole = object("gcc");
  try {
    run({"eu-strip", "-f", file("debug"), "-o", file("main"), whole});
  } catch (const Error&) {
    GTEST_SKIP() << "no eu-strip here";
  }
  EXPECT_EQ(functions(DebugInfo::open(file("debug"))), functions(DebugInfo::open(whole)));
  const auto linked = relocated(ElfFile::open(file("main")));
  const auto original = relocated(ElfFile::open(whole));
  ASSERT_TRUE(linked && original);
  for (const Section& section : linked->sections())
    if (section.allocated()) {
      EXPECT_EQ(section.header.sh_addr, original->section(section.name)->header.sh_addr)
          << section.name;
    }
}

}  // namespace
}  // namespace splitstrip
