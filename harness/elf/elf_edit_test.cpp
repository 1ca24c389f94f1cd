#include "elf/elf_edit.h"

#include <algorithm>
#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using namespace testing_support;

std::vector<std::byte> some_bytes(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 & 0xff);
  return bytes;
}

// Every section of `before` is in `after` with the same index, header and bytes, but for where the
// section names lie, and `moved` ones, which may lie elsewhere in the file.
void expect_same_sections(const ElfFile& before, const ElfFile& after) {
  ASSERT_GE(after.sections().size(), before.sections().size());
  for (std::size_t i = 1; i < before.sections().size(); ++i) {
    const Section& a = before.sections()[i];
    const Section& b = after.sections()[i];
    EXPECT_EQ(a.name, b.name);
    if (a.name == ".shstrtab") continue;
    EXPECT_EQ(std::memcmp(&a.header, &b.header, sizeof a.header), 0) << a.name;
    EXPECT_TRUE(std::ranges::equal(before.raw(a), after.raw(b))) << a.name;
  }
  ASSERT_EQ(before.program_headers().size(), after.program_headers().size());
  for (std::size_t i = 0; i < before.program_headers().size(); ++i)
    EXPECT_EQ(
        std::memcmp(&before.program_headers()[i], &after.program_headers()[i], sizeof(GElf_Phdr)),
        0);
}

class ElfEditTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<ScratchDirectory>();
    build_library(file("libfull.so"), small_source);
    run({"eu-strip", "-f", file("libsmall.so.debug").string(), "-o", file("libsmall.so").string(),
         file("libfull.so").string()});
    run({"objcopy", "--strip-all", "--add-gnu-debuglink=" + file("libsmall.so.debug").string(),
         file("libfull.so").string(), file("liblinked.so").string()});
  }
  static void TearDownTestSuite() { scratch_.reset(); }
  static fs::path file(const std::string& name) { return scratch_->path() / name; }

  static std::unique_ptr<ScratchDirectory> scratch_;
};
std::unique_ptr<ScratchDirectory> ElfEditTest::scratch_;

TEST_F(ElfEditTest, an_added_section_is_the_only_difference) {
  const std::vector<std::byte> added = some_bytes(1001);
  for (const char* name : {"libsmall.so", "libfull.so", "liblinked.so"}) {
    SCOPED_TRACE(name);
    const ElfFile before = ElfFile::open(file(name));
    ElfEdit edit(before);
    edit.put_section({.name = ".gnu_typedata", .bytes = added});
    edit.write(file("added.so"));
    const ElfFile after = ElfFile::open(file("added.so"));
    expect_same_sections(before, after);
    ASSERT_EQ(after.sections().size(), before.sections().size() + 1);
    EXPECT_EQ(after.sections().back().name, ".gnu_typedata");
    EXPECT_TRUE(std::ranges::equal(after.raw(after.sections().back()), added));

    // What others make of it.
    EXPECT_THAT(run({"eu-elflint", "--gnu-ld", file("added.so").string()}), HasSubstr("No errors"));
    EXPECT_THAT(run({"readelf", "-SW", file("added.so").string()}), HasSubstr(".gnu_typedata"));
    run({"objcopy", "-O", "binary", "--only-section=.gnu_typedata", "--set-section-flags",
         ".gnu_typedata=alloc", file("added.so").string(), file("taken").string()});
    EXPECT_EQ(file_bytes(file("taken")), added);
  }
}

TEST_F(ElfEditTest, removing_what_was_added_gives_the_same_file_back) {
  const std::vector<std::byte> added = some_bytes(77);
  for (const char* name : {"libsmall.so", "liblinked.so"}) {
    const ElfFile before = ElfFile::open(file(name));
    ElfEdit edit(before);
    edit.put_section({.name = ".gnu_typedata", .bytes = added, .alignment = 8});
    const ElfFile with = ElfFile::from_memory(edit.bytes(), "with");
    ElfEdit undo(with);
    EXPECT_TRUE(undo.remove_section(".gnu_typedata"));
    EXPECT_FALSE(undo.remove_section(".gnu_typedata"));
    EXPECT_EQ(undo.bytes(), file_bytes(file(name))) << name;
  }
}

TEST_F(ElfEditTest, replacing_is_the_same_as_adding_at_first) {
  const ElfFile before = ElfFile::open(file("libsmall.so"));
  const std::vector<std::byte> first = some_bytes(5000);
  const std::vector<std::byte> second = some_bytes(300);
  ElfEdit once(before);
  once.put_section({.name = ".gnu_typedata", .bytes = second});
  ElfEdit twice(before);
  twice.put_section({.name = ".gnu_typedata", .bytes = first});
  const ElfFile with = ElfFile::from_memory(twice.bytes(), "with");
  ElfEdit again(with);
  again.put_section({.name = ".gnu_typedata", .bytes = second});
  EXPECT_EQ(again.bytes(), once.bytes());
}

// As dwz's common file is, which Debian ships with its sections compressed.
TEST_F(ElfEditTest, changes_an_object_that_is_not_linked) {
  write_file(file("object.c"), "int answer(void) { return 42; }\n");
  run({"gcc", "-g", "-c", "-o", file("object.o").string(), file("object.c").string()});
  const ElfFile before = ElfFile::open(file("object.o"));
  ASSERT_EQ(before.header().e_type, ET_REL);
  const std::vector<std::byte> content = some_bytes(12345);
  ElfEdit edit(before);
  edit.put_section({.name = ".debug_str", .bytes = content});
  const ElfFile after = ElfFile::from_memory(edit.bytes(), "after");
  EXPECT_TRUE(std::ranges::equal(after.raw(*after.section(".debug_str")), content));
}

TEST_F(ElfEditTest, replaces_a_section_in_the_middle) {
  const ElfFile before = ElfFile::open(file("libfull.so"));
  const std::vector<std::byte> content = some_bytes(12345);
  ElfEdit edit(before);
  edit.put_section({.name = ".debug_abbrev", .bytes = content});
  const ElfFile after = ElfFile::from_memory(edit.bytes(), "after");
  for (const Section& section : before.sections()) {
    const Section& other = after.sections()[section.index];
    EXPECT_EQ(section.name, other.name);
    if (section.name == ".shstrtab") continue;
    const std::span<const std::byte> expected =
        section.name == ".debug_abbrev" ? std::span(content) : before.raw(section);
    EXPECT_TRUE(std::ranges::equal(after.raw(other), expected)) << section.name;
    if (section.allocated()) {
      EXPECT_EQ(section.header.sh_offset, other.header.sh_offset);
    }
  }
}

TEST_F(ElfEditTest, removes_a_section_between_others) {
  const ElfFile before = ElfFile::open(file("liblinked.so"));
  const std::vector<std::byte> a = some_bytes(100);
  const std::vector<std::byte> b = some_bytes(200);
  ElfEdit add(before);
  add.put_section({.name = ".a", .bytes = a});
  add.put_section({.name = ".b", .bytes = b});
  const ElfFile both = ElfFile::from_memory(add.bytes(), "both");
  ElfEdit remove(both);
  remove.remove_section(".a");
  ElfEdit only(before);
  only.put_section({.name = ".b", .bytes = b});
  const ElfFile left = ElfFile::from_memory(remove.bytes(), "left");
  EXPECT_EQ(left.section(".a"), nullptr);
  EXPECT_TRUE(std::ranges::equal(left.raw(*left.section(".b")), b));
  expect_same_sections(before, left);
}

TEST_F(ElfEditTest, refuses_what_would_change_the_running_program) {
  const ElfFile elf = ElfFile::open(file("libsmall.so"));
  ElfEdit edit(elf);
  const std::vector<std::byte> bytes = some_bytes(1);
  EXPECT_THAT(message_of([&] { edit.put_section({.name = ".text", .bytes = bytes}); }),
              HasSubstr("section .text is loaded"));
  EXPECT_THAT(message_of([&] { edit.remove_section(".dynstr"); }), HasSubstr("is loaded"));
  EXPECT_THAT(message_of([&] { edit.remove_section(".shstrtab"); }), HasSubstr("holds the names"));
}

TEST_F(ElfEditTest, gives_main_and_debug_a_build_id_of_their_own) {
  const std::vector<std::byte> id = some_bytes(20);
  for (const char* name : {"libsmall.so", "libsmall.so.debug"}) {
    const ElfFile before = ElfFile::open(file(name));
    ElfEdit edit(before);
    edit.set_build_id(id);
    const std::string changed = std::string("changed-") + name;
    edit.write(file(changed));
    const ElfFile after = ElfFile::open(file(changed));
    EXPECT_EQ(build_id(after)->hex(), to_hex(id));
    EXPECT_EQ(after.bytes().size(), before.bytes().size());
    EXPECT_THAT(run({"readelf", "-nW", file(changed).string()}), HasSubstr(to_hex(id)));
  }
  const ElfFile main = ElfFile::open(file("libsmall.so"));
  ElfEdit edit(main);
  EXPECT_THAT(message_of([&] { edit.set_build_id(some_bytes(16)); }),
              HasSubstr("has no build-id of 16 bytes"));
}

TEST_F(ElfEditTest, corrects_the_crc_of_the_debug_link) {
  const ElfFile main = ElfFile::open(file("libsmall.so"));
  ElfEdit edit(main);
  edit.set_debug_link_crc(0x12345678);
  const ElfFile after = ElfFile::from_memory(edit.bytes(), "after");
  EXPECT_EQ(debug_link(after)->crc, 0x12345678U);
  EXPECT_EQ(debug_link(after)->file_name, debug_link(main)->file_name);
}

TEST_F(ElfEditTest, keeps_permissions) {
  ASSERT_EQ(chmod(file("libsmall.so").c_str(), 0754), 0);
  const ElfFile elf = ElfFile::open(file("libsmall.so"));
  ElfEdit(elf).write(file("copy.so"));
  EXPECT_EQ(static_cast<unsigned>(fs::status(file("copy.so")).permissions()), 0754U);
}

TEST_F(ElfEditTest, a_full_disk_leaves_nothing_and_the_old_file_as_it_was) {
  const ElfFile elf = ElfFile::open(file("libsmall.so"));
  const ElfEdit edit(elf);
  fs::create_directory(file("full"));
  write_file(file("full/out.so"), "old");
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string message = message_of([&] { edit.write(file("full/out.so")); });
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(message, HasSubstr("out.so: cannot be written"));
  EXPECT_EQ(std::distance(fs::directory_iterator(file("full")), fs::directory_iterator()), 1);
  EXPECT_EQ(file_bytes(file("full/out.so")).size(), 3U);
}

// More sections than the 16 bits of the ELF header can count.
TEST_F(ElfEditTest, counts_sections_beyond_sixteen_bits) {
  std::string source;
  for (int i = 0; i < 66000; ++i) source += fmt::format(".section .s{}\n.byte 1\n", i);
  write_file(file("many.s"), source);
  run({"gcc", "-shared", "-nostdlib", "-o", file("many.so").string(), file("many.s").string()});
  const ElfFile before = ElfFile::open(file("many.so"));
  ASSERT_GT(before.sections().size(), 66000U);
  ElfEdit edit(before);
  const std::vector<std::byte> added = some_bytes(99);
  edit.put_section({.name = ".gnu_typedata", .bytes = added});
  edit.write(file("many-added.so"));
  const ElfFile after = ElfFile::open(file("many-added.so"));
  expect_same_sections(before, after);
  EXPECT_TRUE(std::ranges::equal(after.raw(*after.section(".gnu_typedata")), added));
  EXPECT_THAT(run({"sh", "-c", "readelf -SW \"$0\" | tail -n 20", file("many-added.so").string()}),
              HasSubstr(".gnu_typedata"));
}

TEST_F(ElfEditTest, edits_big_endian_and_32_bit_files_alike) {
  // Any content will do: the class and the byte order of the tables is what counts.
  for (const char* target : {"elf32-i386", "elf32-big", "elf64-big"}) {
    const fs::path path = file(std::string("foreign-") + target);
    run({"objcopy", "-I", "binary", "-O", target, file("libsmall.so").string(), path.string()});
    std::vector<std::byte> bytes = file_bytes(path);
    bytes[target == std::string_view("elf32-i386") ? 16 : 17] = std::byte{ET_DYN};
    const ElfFile before = ElfFile::from_memory(bytes, path);
    ElfEdit edit(before);
    const std::vector<std::byte> added = some_bytes(99);
    edit.put_section({.name = ".gnu_typedata", .bytes = added});
    const ElfFile after = ElfFile::from_memory(edit.bytes(), "after");
    EXPECT_EQ(after.is_64(), target == std::string_view("elf64-big")) << target;
    EXPECT_EQ(after.big_endian(), target != std::string_view("elf32-i386"));
    expect_same_sections(before, after);
    EXPECT_TRUE(std::ranges::equal(after.raw(*after.section(".gnu_typedata")), added));
  }
}

}  // namespace
}  // namespace splitstrip
