#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/elf_file.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;

class OtherFormats : public testing::Test {
 protected:
  OtherFormats() {
    write_file(file("a.c"), "int a;");
    run({"gcc", "-c", "-o", file("a.o").string(), file("a.c").string()});
  }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }
  std::string error_of(const std::string& name) const {
    return message_of([&] { ElfFile::open(file(name)); });
  }
  ScratchDirectory scratch_;
};

TEST_F(OtherFormats, archives_and_debian_packages_are_told_apart) {
  run({"ar", "rc", file("liba.a").string(), file("a.o").string()});
  EXPECT_THAT(error_of("liba.a"), AllOf(HasSubstr("liba.a: is a static archive; "),
                                        HasSubstr("ar x"), Not(HasSubstr("Debian"))));
  run({"ar", "rcT", file("thin.a").string(), file("a.o").string()});
  EXPECT_THAT(error_of("thin.a"), HasSubstr("is a static archive"));

  fs::create_directories(file("package/DEBIAN"));
  write_file(file("package/DEBIAN/control"),
             "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: a\n");
  if (!program_exists("dpkg-deb")) GTEST_SKIP() << "no dpkg-deb here";
  run({"dpkg-deb", "-b", file("package").string(), file("a.deb").string()});
  EXPECT_THAT(error_of("a.deb"),
              AllOf(HasSubstr("a.deb: is a Debian package; unpack it (dpkg-deb -x "),
                    HasSubstr("--sysroot"), Not(HasSubstr("archive"))));
}

TEST_F(OtherFormats, rpm_packages) {
  write_file(file("a.rpm"), "\xed\xab\xee\xdb\x03");
  EXPECT_THAT(error_of("a.rpm"), AllOf(HasSubstr("a.rpm: is an rpm package"), HasSubstr("rpm2cpio"),
                                       HasSubstr("--sysroot")));
}

TEST_F(OtherFormats, linker_scripts_say_what_they_name) {
  // As libc's and ncurses' development packages have them.
  write_file(
      file("libc.so"),
      "/* GNU ld script\n   Use the shared library (not this). */\nOUTPUT_FORMAT(elf64-x86-64)"
      "\nGROUP ( /usr/lib/libc_nonshared.a /lib/libc.so.6  AS_NEEDED ( /lib/ld.so.2 ) )\n");
  EXPECT_THAT(error_of("libc.so"), AllOf(HasSubstr("libc.so: is a linker script"),
                                         HasSubstr("it names /lib/libc.so.6: ")));
  write_file(file("libncurses.so"), "INPUT(libncurses.so.6 -ltinfo)\n");
  EXPECT_THAT(error_of("libncurses.so"), HasSubstr("it names libncurses.so.6: "));
  write_file(file("libcurses.so"), "INPUT(-lncurses)\n");
  EXPECT_THAT(error_of("libcurses.so"), HasSubstr("it names -lncurses: "));
  write_file(file("hollow.so"), "/* GNU ld script */");
  EXPECT_THAT(error_of("hollow.so"), HasSubstr("is a linker script"));
  write_file(file("open.so"), "/* GNU ld script GROUP ( libc.so.6 )");
  EXPECT_THAT(error_of("open.so"), AllOf(HasSubstr("is a linker script"), Not(HasSubstr("libc"))));
  write_file(file("notes.txt"), "The INPUT of this GROUP is (so far) small.\n");
  EXPECT_THAT(error_of("notes.txt"), HasSubstr("is not an ELF file"));
}

TEST_F(OtherFormats, compressed_files_say_how_to_unpack_them) {
  for (const auto& [program, suffix, word] : {std::array{"gzip", "gz", "gunzip"},
                                              {"xz", "xz", "unxz"},
                                              {"bzip2", "bz2", "bunzip2"},
                                              {"zstd", "zst", "unzstd"}}) {
    if (!program_exists(program)) continue;
    run({program, "-k", file("a.o").string()});
    EXPECT_THAT(error_of(std::string("a.o.") + suffix),
                AllOf(HasSubstr("is compressed ("), HasSubstr(word), Not(HasSubstr("\n"))))
        << program;
  }
}

}  // namespace
}  // namespace splitstrip
