#include "elf/prelink.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/elf_edit.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using namespace testing_support;

// The oracle is the linker: the same library linked at 0 and at another address, as prelink would
// have moved it.
class PrelinkTest : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return scratch_.path() / name; }

  void build(const std::string& compiler = "gcc") const {
    // Pointers, which are relocated by the load address alone.
    write_file(file("small.c"), std::string(small_source) +
                                    "static int own; int *pointer = &own;"
                                    "int (*const table[2])(int) = {hidden_helper, hidden_helper};");
    for (const auto& [name, address] : {std::pair("built", "0"), {"moved", "0x41000000"}})
      run({compiler, "-O2", "-fPIC", "-shared", "-nostdlib", "-Wl,--build-id=none",
           "-Wl,-soname,libsmall.so", std::string("-Wl,-Ttext-segment=") + address, "-o",
           file(name), file("small.c")});
    const std::string undo = undo_of(ElfFile::open(file("built")));
    write_file(file("undo"), undo);
    const ElfFile moved = ElfFile::open(file("moved"));
    ElfEdit edit(moved);
    edit.put_section({.name = prelink_section, .bytes = std::as_bytes(std::span(undo))});
    edit.write(file("prelinked"));
  }

  // Header, segments and sections, but for the null one, as prelink keeps them.
  static std::string undo_of(const ElfFile& built) {
    const std::string bytes(reinterpret_cast<const char*>(built.bytes().data()),
                            built.bytes().size());
    const GElf_Ehdr& header = built.header();
    const std::size_t section = header.e_shentsize;
    return bytes.substr(0, header.e_ehsize) +
           bytes.substr(header.e_phoff, std::size_t{header.e_phnum} * header.e_phentsize) +
           bytes.substr(header.e_shoff + section, (header.e_shnum - 1) * section);
  }

  void expect_as_built() const {
    const ElfFile prelinked = ElfFile::open(file("prelinked"));
    const auto undone = without_prelink(prelinked);
    ASSERT_TRUE(undone.has_value());
    const ElfFile built = ElfFile::open(file("built"));
    for (const Section& section : built.sections()) {
      if (!section.allocated()) continue;
      const Section* other = undone->section(section.name);
      ASSERT_NE(other, nullptr) << section.name;
      EXPECT_EQ(section.header.sh_addr, other->header.sh_addr) << section.name;
      // Slots that are bound to functions say where prelink bound them.
      if (section.name == ".got" || section.name == ".got.plt") continue;
      EXPECT_TRUE(std::ranges::equal(built.raw(section), undone->raw(*other))) << section.name;
    }
    ASSERT_EQ(built.program_headers().size(), undone->program_headers().size());
    for (std::size_t i = 0; i < built.program_headers().size(); ++i)
      EXPECT_EQ(built.program_headers()[i].p_vaddr, undone->program_headers()[i].p_vaddr);
    EXPECT_EQ(built.header().e_entry, undone->header().e_entry);
    // What is handed in stays as it is.
    EXPECT_EQ(prelinked.section(".text")->header.sh_addr,
              ElfFile::open(file("moved")).section(".text")->header.sh_addr);
  }

  ScratchDirectory scratch_;
};

TEST_F(PrelinkTest, addresses_become_those_that_the_linker_gave) {
  build();
  expect_as_built();
}

// 32 bits with the addends in place, and big-endian ones.
TEST_F(PrelinkTest, on_other_machines_too) {
  int tried = 0;
  for (const char* compiler : {"i686-linux-gnu-gcc", "s390x-linux-gnu-gcc"}) {
    if (!program_exists(compiler)) continue;
    SCOPED_TRACE(compiler);
    build(compiler);
    expect_as_built();
    ++tried;
  }
  if (tried == 0) GTEST_SKIP() << "no compiler for another machine here";
}

TEST_F(PrelinkTest, what_was_not_moved_stays) {
  build();
  EXPECT_FALSE(without_prelink(ElfFile::open(file("moved"))).has_value());
  run({"objcopy", "--add-section", ".gnu.prelink_undo=" + file("undo").string(), file("built"),
       file("in-place")});
  EXPECT_FALSE(without_prelink(ElfFile::open(file("in-place"))).has_value());
}

TEST_F(PrelinkTest, a_damaged_undo_section_is_an_error_that_names_the_file) {
  build();
  const std::string undo = undo_of(ElfFile::open(file("built")));
  for (const std::size_t size :
       {std::size_t{3}, std::size_t{64}, std::size_t{200}, undo.size() / 2}) {
    write_file(file("undo"), undo.substr(0, size));
    run({"objcopy", "--add-section", ".gnu.prelink_undo=" + file("undo").string(), file("moved"),
         file("damaged")});
    EXPECT_THAT(message_of([&] { without_prelink(ElfFile::open(file("damaged"))); }),
                testing::AllOf(HasSubstr("damaged: is prelinked"), HasSubstr("prelink -u")))
        << size;
  }
}

}  // namespace
}  // namespace splitstrip
