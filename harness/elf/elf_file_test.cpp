#include "elf/elf_file.h"

#include <algorithm>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf/identity.h"
#include "elf/symbols.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;

class ElfFileTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<ScratchDirectory>();
    build_library(library(), small_source);
  }
  static void TearDownTestSuite() { scratch_.reset(); }
  static fs::path library() { return scratch_->path() / "libsmall.so.1"; }
  static fs::path file(const char* name) { return scratch_->path() / name; }
  static std::string open_error(const fs::path& path) {
    return message_of([&] { ElfFile::open(path).require_linked(); });
  }

  static std::unique_ptr<ScratchDirectory> scratch_;
};
std::unique_ptr<ScratchDirectory> ElfFileTest::scratch_;

TEST_F(ElfFileTest, finds_sections_segments_and_names) {
  const ElfFile elf = ElfFile::open(library());
  elf.require_linked();
  EXPECT_EQ(elf.soname(), "libsmall.so.1");
  EXPECT_TRUE(elf.has_dwarf());
  ASSERT_NE(elf.section(".text"), nullptr);
  EXPECT_TRUE(elf.section(".text")->allocated());
  EXPECT_EQ(elf.section(".nothing"), nullptr);
  EXPECT_TRUE(std::ranges::any_of(elf.program_headers(),
                                  [](const GElf_Phdr& p) { return p.p_type == PT_LOAD; }));
}

TEST_F(ElfFileTest, reads_from_memory_what_it_reads_from_a_file) {
  const ElfFile a = ElfFile::open(library());
  const ElfFile b = ElfFile::from_memory(file_bytes(library()), "memory");
  ASSERT_EQ(a.sections().size(), b.sections().size());
  for (std::size_t i = 0; i < a.sections().size(); ++i) {
    EXPECT_EQ(a.sections()[i].name, b.sections()[i].name);
    EXPECT_TRUE(std::ranges::equal(a.raw(a.sections()[i]), b.raw(b.sections()[i])));
  }
}

TEST_F(ElfFileTest, decompresses_both_forms) {
  const ElfFile plain = ElfFile::open(library());
  const SectionContents contents = plain.contents(*plain.section(".debug_str"));
  const std::string_view expected = contents.text();
  for (const char* form : {"zlib-gabi", "zlib-gnu"}) {
    const fs::path path = file(form);
    run({"objcopy", std::string("--compress-debug-sections=") + form, library().string(),
         path.string()});
    const ElfFile elf = ElfFile::open(path);
    EXPECT_TRUE(elf.has_dwarf());
    bool some = false;
    for (const Section& section : elf.sections()) some |= elf.compressed(section);
    EXPECT_TRUE(some) << form;
    const Section* strings = elf.section(".debug_str");
    if (strings == nullptr) strings = elf.section(".zdebug_str");
    ASSERT_NE(strings, nullptr);
    const SectionContents unpacked = elf.contents(*strings);
    EXPECT_EQ(unpacked.text(), expected) << form;
  }
}

TEST_F(ElfFileTest, sections_that_libelf_decompressed_in_place_are_still_what_the_file_holds) {
  const fs::path path = file("decompressed-by-libelf");
  run({"objcopy", "--compress-debug-sections", library().string(), path.string()});
  for (const ElfFile& elf : {ElfFile::open(path), ElfFile::from_memory(file_bytes(path), "m")}) {
    const Section* info = elf.section(".debug_info");
    const SectionContents before = elf.contents(*info);
    ASSERT_EQ(elf_compress(elf_getscn(elf.handle(), info->index), 0, 0), 1);
    const SectionContents after = elf.contents(*info);
    EXPECT_EQ(after.text(), before.text());
    EXPECT_TRUE(std::ranges::equal(elf.bytes(), file_bytes(path)));
  }
}

TEST_F(ElfFileTest, a_lying_compressed_size_is_an_error_and_no_allocation) {
  const fs::path path = file("lying");
  run({"objcopy", "--compress-debug-sections=zlib-gabi", library().string(), path.string()});
  std::vector<std::byte> bytes = file_bytes(path);
  const ElfFile honest = ElfFile::open(path);
  const Section* info = honest.section(".debug_info");
  ASSERT_TRUE(honest.compressed(*info));
  // Elf64_Chdr: ch_type, reserved, ch_size.
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(info->header.sh_offset) + 8, 7,
              std::byte{0xff});
  const ElfFile elf = ElfFile::from_memory(std::move(bytes), "liar");
  EXPECT_THAT(message_of([&] { elf.contents(*elf.section(".debug_info")); }),
              HasSubstr("liar: section .debug_info: is compressed and damaged"));
}

TEST_F(ElfFileTest, reads_build_id_and_links) {
  const fs::path main = file("stripped.so");
  const fs::path debug = file("stripped.so.debug");
  run({"objcopy", "--only-keep-debug", library().string(), debug.string()});
  run({"objcopy", "--strip-all", "--add-gnu-debuglink=" + debug.string(), library().string(),
       main.string()});
  const ElfFile elf = ElfFile::open(main);
  EXPECT_FALSE(elf.has_dwarf());
  const std::string notes = run({"readelf", "-nW", library().string()});
  ASSERT_TRUE(build_id(elf).has_value());
  EXPECT_EQ(build_id(elf)->hex().size(), 40U);
  EXPECT_THAT(notes, HasSubstr(build_id(elf)->hex()));
  const ElfFile debug_elf = ElfFile::open(debug);
  EXPECT_EQ(build_id(debug_elf)->hex(), build_id(elf)->hex());
  ASSERT_TRUE(debug_link(elf).has_value());
  EXPECT_EQ(debug_link(elf)->file_name, "stripped.so.debug");
  EXPECT_EQ(debug_link(elf)->crc, debug_link_crc(debug_elf.bytes()));
  EXPECT_FALSE(alt_link(elf).has_value());
}

TEST_F(ElfFileTest, lists_exported_symbols_but_no_static_ones) {
  const ElfFile elf = ElfFile::open(library());
  std::vector<std::string> names;
  for (const Symbol& s : exported_symbols(elf)) names.emplace_back(s.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("exported_object", "exported_tls", "scale",
                                                   "move_shape", "area", "alias_of_scale"));
  EXPECT_TRUE(std::ranges::any_of(full_symbols(elf),
                                  [](const Symbol& s) { return s.name == "hidden_helper"; }));
}

TEST_F(ElfFileTest, symbols_carry_their_versions) {
  write_file(file("versions.map"), "V1 { global: f; };\nV2 { global: g; } V1;\n");
  build_library(file("libversions.so"),
                "__attribute__((symver(\"f@V1\"))) int f1(void) { return 1; }\n"
                "__attribute__((symver(\"f@@V2\"))) int f2(void) { return 2; }\n"
                "int g(void) { return 3; }\n",
                {"-Wl,--version-script=" + file("versions.map").string()});
  const ElfFile elf = ElfFile::open(file("libversions.so"));
  std::vector<std::string> found;
  for (const Symbol& s : exported_symbols(elf))
    if (s.function())
      found.push_back(fmt::format("{}{}{}", s.name, s.default_version ? "@@" : "@", s.version));
  EXPECT_THAT(found, testing::IsSupersetOf({"f@V1", "f@@V2", "g@@V2"}));
}

TEST_F(ElfFileTest, says_what_a_wrong_input_is) {
  EXPECT_THAT(open_error(file("missing")), HasSubstr("missing: no such file"));
  EXPECT_THAT(open_error(scratch_->path()), HasSubstr("is a directory"));
  write_file(file("text"), "hello, world, this is not an ELF file at all");
  EXPECT_THAT(open_error(file("text")), HasSubstr("text: is not an ELF file"));
  write_file(file("empty"), "");
  EXPECT_THAT(open_error(file("empty")), HasSubstr("is empty"));
  write_file(file("script"), "/* GNU ld script\n*/ GROUP ( libc.so.6 )");
  EXPECT_THAT(open_error(file("script")), HasSubstr("is a linker script"));
  write_file(file("short"), "\177ELF");
  EXPECT_THAT(open_error(file("short")), HasSubstr("short: "));
  ASSERT_EQ(mkfifo(file("pipe").c_str(), 0600), 0);
  EXPECT_THAT(open_error(file("pipe")), HasSubstr("is not a regular file"));
  EXPECT_THAT(open_error("/dev/null"), HasSubstr("is not a regular file"));
}

TEST_F(ElfFileTest, says_that_archives_and_objects_are_not_what_is_wanted) {
  write_file(file("a.c"), "int a;");
  run({"gcc", "-c", "-o", file("a.o").string(), file("a.c").string()});
  EXPECT_THAT(open_error(file("a.o")), HasSubstr("is an object file that is not linked"));
  run({"ar", "rc", file("liba.a").string(), file("a.o").string()});
  EXPECT_THAT(open_error(file("liba.a")), HasSubstr("is a static archive"));
}

TEST_F(ElfFileTest, an_unreadable_file_is_named) {
  write_file(file("secret"), "x");
  ASSERT_EQ(chmod(file("secret").c_str(), 0), 0);
  chmod(scratch_->path().c_str(), 0755);
  const bool root = geteuid() == 0;  // may read everything, so become somebody else
  if (root) {
    ASSERT_EQ(seteuid(65534), 0);
  }
  const std::string message = open_error(file("secret"));
  if (root) {
    ASSERT_EQ(seteuid(0), 0);
  }
  EXPECT_THAT(message, HasSubstr("secret: may not be read"));
}

TEST_F(ElfFileTest, any_truncation_is_an_error) {
  const std::vector<std::byte> whole = file_bytes(library());
  for (std::size_t size = 1; size < whole.size(); size += 97) {
    const std::vector<std::byte> part(whole.begin(),
                                      whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(message_of([&] { ElfFile::from_memory(part, "part"); }),
                AllOf(HasSubstr("part: "), testing::Not(HasSubstr("\n"))))
        << size;
  }
}

TEST_F(ElfFileTest, machines_are_named_as_uname_names_them) {
  EXPECT_EQ(ElfFile::open(library()).machine_name() + "\n", run({"uname", "-m"}));
}

}  // namespace
}  // namespace splitstrip
