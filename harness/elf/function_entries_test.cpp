#include "elf/function_entries.h"

#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "elf/test_library.h"

namespace splitstrip {
namespace {

using namespace testing_support;

const char* const source = R"(
int counter = 3;
int first(int a) { return a + counter; }
int second(long a, int b) { return first(b) + (int)a; }
)";

class FunctionEntriesTest : public testing::Test {
 protected:
  // Built by `compiler`, or skipped without one.
  std::filesystem::path built(const std::string& compiler, const std::vector<std::string>& flags) {
    if (!std::filesystem::exists("/usr/bin/" + compiler)) return {};
    write_bytes(scratch_.path() / "lib.c", [] {
      const auto bytes = std::as_bytes(std::span(std::string_view(source)));
      return std::vector<std::byte>(bytes.begin(), bytes.end());
    }());
    std::vector<std::string> command{compiler};
    command.insert(command.end(), flags.begin(), flags.end());
    for (const char* more : {"-g", "-O1", "-fPIC", "-shared", "-nostdlib", "-o"})
      command.push_back(more);
    command.push_back((scratch_.path() / "lib.so").string());
    command.push_back((scratch_.path() / "lib.c").string());
    run(command);
    return scratch_.path() / "lib.so";
  }

  // Where pyelftools finds DW_AT_low_pc, by function.
  std::map<std::string, std::uint64_t> independent(const std::filesystem::path& library) {
    std::istringstream in(run({"/usr/bin/python3", "-c", R"(
import sys
from elftools.elf.elffile import ELFFile
for unit in ELFFile(open(sys.argv[1], "rb")).get_dwarf_info().iter_CUs():
    for die in unit.iter_DIEs():
        if die.tag == "DW_TAG_subprogram" and "DW_AT_low_pc" in die.attributes:
            print(die.attributes["DW_AT_name"].value.decode(), die.attributes["DW_AT_low_pc"].value)
)",
                               library.string()}));
    std::map<std::string, std::uint64_t> found;
    std::string name;
    std::uint64_t address = 0;
    while (in >> name >> address) found[name] = address;
    return found;
  }

  static std::map<std::string, std::uint64_t> entries(const std::filesystem::path& library) {
    const ElfFile elf = ElfFile::open(library);
    const FunctionEntries entries(elf);
    std::map<std::string, std::uint64_t> found;
    for (const Symbol& symbol : exported_symbols(elf))
      if (symbol.function()) found[std::string(symbol.name)] = entries.of(symbol);
    return found;
  }

  ScratchDirectory scratch_;
};

TEST_F(FunctionEntriesTest, are_what_the_symbols_say_where_code_is_at_their_value) {
  const auto library = built("gcc", {});
  EXPECT_EQ(entries(library), independent(library));
  EXPECT_EQ(entries(library).size(), 2U);
}

TEST_F(FunctionEntriesTest, are_read_from_the_descriptors_of_old_powerpc) {
  const auto library = built("powerpc64le-linux-gnu-gcc", {"-mbig", "-mabi=elfv1"});
  if (library.empty()) GTEST_SKIP() << "needs powerpc64le-linux-gnu-gcc";
  const ElfFile elf = ElfFile::open(library);
  ASSERT_TRUE(elf.big_endian());
  ASSERT_NE(elf.section(".opd"), nullptr);
  const auto right = independent(library);
  EXPECT_EQ(entries(library), right);
  // The values themselves lie elsewhere: without the descriptors nothing would be found.
  for (const Symbol& symbol : exported_symbols(elf)) {
    if (symbol.function()) {
      EXPECT_NE(symbol.value, right.at(std::string(symbol.name)));
    }
  }
}

// A linker may leave the word to its relocation alone: here it is wiped.
TEST_F(FunctionEntriesTest, are_relocated) {
  const auto library = built("powerpc64le-linux-gnu-gcc", {"-mbig", "-mabi=elfv1"});
  if (library.empty()) GTEST_SKIP() << "needs powerpc64le-linux-gnu-gcc";
  const auto right = independent(library);
  auto bytes = file_bytes(library);
  const Section opd = *ElfFile::open(library).section(".opd");
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(opd.header.sh_offset), opd.header.sh_size,
              std::byte{0});
  write_bytes(library, bytes);
  EXPECT_EQ(entries(library), right);
}

}  // namespace
}  // namespace splitstrip
