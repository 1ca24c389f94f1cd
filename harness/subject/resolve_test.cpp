#include "subject/resolve.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "elf/debug_files.h"
#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "recipe/recipe.h"
#include "run/program.h"
#include "subject/fixture.h"
#include "subject/join.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;

class ResolveTest : public testing::Test {
 protected:
  ResolveTest() {
    build_library(file("build/libsmall.so.1"), small_source);
    fs::create_directories(file("root/lib"));
    find_recipe("conventional")
        ->make(file("build/libsmall.so.1"),
               {file("root/lib/libsmall.so.1"), file("root/lib/libsmall.so.1.debug")},
               scratch_.path());
  }
  fs::path file(const std::string& name) const {
    const fs::path path = scratch_.path() / name;
    fs::create_directories(path.parent_path());
    return path;
  }
  std::vector<Subject> resolve(const std::vector<std::string>& words) const {
    return resolve_subjects(words, scratch_.path() / "subjects");
  }
  std::string error_of(const std::string& word) const {
    return message_of([&] { resolve({word}); });
  }
  ScratchDirectory scratch_;
};

void expect_loaded_alike(const ElfFile& a, const ElfFile& b) {
  for (const Section& section : a.sections()) {
    if (!section.allocated() || section.nobits()) continue;
    const Section* other = b.section(section.name);
    ASSERT_NE(other, nullptr) << section.name;
    EXPECT_EQ(section.header.sh_addr, other->header.sh_addr);
    EXPECT_TRUE(std::ranges::equal(a.raw(section), b.raw(*other))) << section.name;
  }
}

TEST_F(ResolveTest, an_unstripped_elf_is_a_subject_as_it_is) {
  const std::vector<Subject> subjects = resolve({file("build/libsmall.so.1")});
  ASSERT_EQ(subjects.size(), 1U);
  EXPECT_EQ(subjects[0].name, "libsmall.so.1");
  EXPECT_EQ(subjects[0].file_name, "libsmall.so.1");
  EXPECT_EQ(subjects[0].unstripped, fs::canonical(file("build/libsmall.so.1")));
  EXPECT_EQ(subjects[0].build_id.size(), 40U);
  EXPECT_EQ(subjects[0].machine + "\n", run({"uname", "-m"}));
  EXPECT_FALSE(subjects[0].driver.has_value());
  EXPECT_FALSE(subjects[0].alt_file.has_value());
}

TEST_F(ResolveTest, a_stripped_elf_is_joined_with_its_debug_file) {
  const Subject subject = resolve({file("root/lib/libsmall.so.1")}).at(0);
  EXPECT_NE(subject.unstripped, fs::canonical(file("root/lib/libsmall.so.1")));
  const ElfFile joined = ElfFile::open(subject.unstripped);
  const ElfFile original = ElfFile::open(file("build/libsmall.so.1"));
  expect_loaded_alike(original, joined);
  for (const Section& section : original.sections())
    if (section.name.starts_with(".debug")) {
      EXPECT_TRUE(
          std::ranges::equal(original.raw(section), joined.raw(*joined.section(section.name))));
    }
}

TEST_F(ResolveTest, a_debug_link_is_followed_into_dot_debug) {
  fs::create_directories(file("root/lib/.debug"));
  fs::rename(file("root/lib/libsmall.so.1.debug"), file("root/lib/.debug/libsmall.so.1.debug"));
  EXPECT_EQ(resolve({file("root/lib/libsmall.so.1")}).size(), 1U);
}

// What the skeletons refer to lies beside the files that are joined, not beside what comes of them.
TEST_F(ResolveTest, split_dwarf_is_found_beside_the_files_that_are_joined) {
  if (!program_exists("dwp")) GTEST_SKIP() << "needs dwp";
  const fs::path built = file("split/build/libsplit.so");
  write_file(file("split/build/split.c"), small_source);
  // As a build system that leaves no path behind: the record is a mere name.
  run({"sh", "-c",
       "cd '" + built.parent_path().string() +
           "' && gcc -g -gdwarf-4 -gsplit-dwarf -O1 -fPIC -fdebug-prefix-map=\"$PWD\"=. -c split.c "
           "&& "
           "gcc -shared -Wl,--build-id -o libsplit.so split.o && dwp -e libsplit.so -o "
           "libsplit.so.dwp"});
  fs::create_directories(file("split/main"));
  const fs::path main = file("split/main/libsplit.so");
  const fs::path debug = file("split/debug/libsplit.so.debug");
  find_recipe("conventional")->make(built, {main, debug}, scratch_.path());
  DebugSources sources;
  sources.files = {debug};
  const auto subject = [&] {
    return resolve_subjects({main}, scratch_.path() / "subjects", "none", nullptr, sources).at(0);
  };
  EXPECT_FALSE(subject().dwp_file.has_value());
  EXPECT_TRUE(subject().dwo_files.empty());
  for (const fs::path& beside :
       {debug.parent_path() / "split.dwo", main.parent_path() / "split.dwo"}) {
    fs::copy_file(built.parent_path() / "split.dwo", beside);
    const auto found = subject().dwo_files;
    ASSERT_EQ(found.size(), 1U) << beside;
    EXPECT_EQ(found[0].file, beside);
    fs::remove(beside);
  }
  for (const fs::path& package :
       {fs::path(main.string() + ".dwp"), fs::path(debug.string() + ".dwp"),
        debug.parent_path() / "libsplit.so.dwp"}) {
    fs::copy_file(built.parent_path() / "libsplit.so.dwp", package);
    EXPECT_EQ(subject().dwp_file, package);
    fs::remove(package);
  }
}

TEST_F(ResolveTest, a_debug_directory_is_searched_by_build_id_and_by_path) {
  const ElfFile main = ElfFile::open(file("root/lib/libsmall.so.1"));
  const fs::path debug = file("root/lib/libsmall.so.1.debug");
  const fs::path by_id = file("debugdir/" + build_id_file(build_id(main)->hex()));
  fs::rename(debug, by_id);
  EXPECT_EQ(find_debug_file(main, {.directories = {file("debugdir")}, .sysroot = {}}), by_id);
  const fs::path by_path =
      file("debugdir") /
      (fs::canonical(main.path()).parent_path().relative_path() / "libsmall.so.1.debug");
  fs::create_directories(by_path.parent_path());
  fs::rename(by_id, by_path);
  EXPECT_EQ(find_debug_file(main, {.directories = {file("debugdir")}, .sysroot = {}}), by_path);
}

TEST_F(ResolveTest, a_split_library_is_joined_without_what_the_split_added) {
  const std::vector<std::byte> types(1000, std::byte{1});
  const fs::path path = file("root/lib/libsmall.so.1");
  {
    const ElfFile main = ElfFile::open(path);
    ElfEdit edit(main);
    edit.put_section({.name = ".gnu_typedata", .bytes = types});
    edit.write(path);
  }
  const Subject subject = resolve({path}).at(0);
  const ElfFile joined = ElfFile::open(subject.unstripped);
  EXPECT_EQ(joined.section(".gnu_typedata"), nullptr);
  expect_loaded_alike(ElfFile::open(path), joined);
}

TEST_F(ResolveTest, a_missing_debug_file_says_what_to_install) {
  fs::remove(file("root/lib/libsmall.so.1.debug"));
  EXPECT_THAT(error_of(file("root/lib/libsmall.so.1")),
              AllOf(HasSubstr("libsmall.so.1: is stripped and its debug file is not installed"),
                    HasSubstr("debuginfo-install"), Not(HasSubstr("\n"))));
}

TEST_F(ResolveTest, a_debug_file_of_another_build_is_refused) {
  const fs::path path = file("root/lib/libsmall.so.1.debug");
  {
    const ElfFile debug = ElfFile::open(path);
    ElfEdit edit(debug);
    edit.set_build_id(std::vector<std::byte>(20, std::byte{0xab}));
    edit.write(path);
  }
  EXPECT_THAT(
      error_of(file("root/lib/libsmall.so.1")),
      AllOf(HasSubstr("of another build"), HasSubstr("abababab"), HasSubstr(path.string())));
  EXPECT_THAT(message_of([&] {
                join(file("root/lib/libsmall.so.1"), path, file("joined"), scratch_.path());
              }),
              HasSubstr("is not the debug file of"));
  EXPECT_FALSE(fs::exists(file("joined")));
}

TEST_F(ResolveTest, without_build_ids_the_crc_decides) {
  build_library(file("noid/libnoid.so"), small_source, {"-Wl,--build-id=none"});
  const Pair pair{file("noid/root/libnoid.so"), file("noid/root/libnoid.so.debug")};
  find_recipe("conventional")->make(file("noid/libnoid.so"), pair, scratch_.path());
  EXPECT_EQ(find_debug_file(ElfFile::open(pair.main), {.directories = {}, .sysroot = {}}),
            pair.debug);
  // As a subject it is refused, since consumers could not be made to find its debug file alone.
  EXPECT_THAT(error_of(pair.main), HasSubstr("has no build-id"));

  std::vector<std::byte> bytes = file_bytes(pair.debug);
  bytes.push_back(std::byte{0});
  write_bytes(pair.debug, bytes);
  EXPECT_THAT(error_of(pair.main), AllOf(HasSubstr("of another build"), HasSubstr("CRC")));
}

TEST_F(ResolveTest, what_cannot_be_checked_is_named) {
  EXPECT_THAT(error_of("no-such-thing"),
              HasSubstr("neither a file nor a fixture; the fixtures are ada, assembly, calls"));
  EXPECT_THAT(error_of(file("no/such/file")), HasSubstr("no such file"));
  EXPECT_THAT(error_of(scratch_.path()), HasSubstr("is a directory"));
  EXPECT_THAT(error_of(file("root/lib/libsmall.so.1.debug")), HasSubstr("is a debug file"));
  build_library(file("plain/libplain.so"), small_source, {"-g0", "-Wl,--build-id=sha1"});
  EXPECT_THAT(error_of(file("plain/libplain.so")), HasSubstr("its debug file is not installed"));
}

// The debug file lies where no system has it.
TEST_F(ResolveTest, the_user_says_where_debug_files_are) {
  const fs::path library = file("root/lib/libsmall.so.1");
  const fs::path debug = file("downloads/any-name");
  fs::rename(file("root/lib/libsmall.so.1.debug"), debug);
  build_library(file("build/libother.so"), "int other(int a) { return a; }");
  const Pair other{file("root/lib/libother.so"), file("downloads/libother.so.debug")};
  find_recipe("conventional")->make(file("build/libother.so"), other, scratch_.path());
  const auto with = [&](const std::vector<std::string>& words, DebugSources sources) {
    return resolve_subjects(words, scratch_.path() / "subjects", "none", nullptr, sources);
  };
  const auto error_with = [&](const std::vector<std::string>& words, const DebugSources& sources) {
    return message_of([&] { with(words, sources); });
  };
  EXPECT_THAT(error_of(library), HasSubstr("its debug file is not installed (build-id "));
  EXPECT_EQ(with({library}, {{}, {debug}}).at(0).file_name, "libsmall.so.1");
  // Each goes to the library of its build-id, whatever the order.
  EXPECT_EQ(with({library, other.main}, {{}, {other.debug, debug}}).size(), 2U);
  EXPECT_THAT(error_with({library}, {{}, {other.debug}}),
              AllOf(HasSubstr("libother.so.debug: is not the debug file of "),
                    HasSubstr("libsmall.so.1: build-id ")));
  EXPECT_THAT(error_with({library, other.main}, {{}, {debug, other.debug, file("downloads/no")}}),
              HasSubstr("downloads/no: no such file"));
  EXPECT_THAT(error_with({"calls"}, {{}, {debug}}),
              HasSubstr("any-name: is the debug file of none of the libraries named (build-id"));
  EXPECT_THAT(error_with({file("build/libsmall.so.1")}, {{}, {debug}}),
              AllOf(HasSubstr("is not stripped"), HasSubstr("leave --debug "), HasSubstr(" out")));
  EXPECT_THAT(error_with({library}, {{}, {library}}), HasSubstr("holds no DWARF"));
  // A directory for all of them.
  fs::rename(debug, file("downloads/libsmall.so.1.debug"));
  EXPECT_EQ(with({library, other.main}, {DebugPlaces::of({file("downloads")}, ""), {}}).size(), 2U);
}

TEST_F(ResolveTest, a_tree_is_taken_as_a_system) {
  const fs::path tree = file("tree");
  fs::create_directories(tree / "usr/lib64");
  fs::create_directories(tree / "usr/lib/debug/usr/lib64");
  fs::rename(file("root/lib/libsmall.so.1"), tree / "usr/lib64/libsmall.so.1.2");
  fs::rename(file("root/lib/libsmall.so.1.debug"),
             tree / "usr/lib/debug/usr/lib64/libsmall.so.1.debug");
  fs::create_symlink("/usr/lib64/libsmall.so.1.2", tree / "usr/lib64/libsmall.so.1");
  const DebugSources sources{DebugPlaces::of({}, tree), {}};
  const std::vector<Subject> subjects =
      resolve_subjects({tree / "usr/lib64/libsmall.so.1", tree / "usr/lib64/libsmall.so.1.2"},
                       scratch_.path() / "subjects", "none", nullptr, sources);
  ASSERT_EQ(subjects.size(), 1U);
  EXPECT_EQ(subjects[0].given, tree / "usr/lib64/libsmall.so.1");
  expect_loaded_alike(ElfFile::open(tree / "usr/lib64/libsmall.so.1.2"),
                      ElfFile::open(subjects[0].unstripped));
  fs::remove_all(tree / "usr/lib/debug");
  EXPECT_THAT(message_of([&] {
                resolve_subjects({tree / "usr/lib64/libsmall.so.1"}, scratch_.path() / "none",
                                 "none", nullptr, sources);
              }),
              AllOf(HasSubstr("its debug file is not in the tree"), HasSubstr("unpack")));
}

// As some strips leave it where the linker marked the library for an ifunc.
TEST_F(ResolveTest, another_os_abi_is_joined_by_force_and_said) {
  const fs::path library = file("root/lib/libsmall.so.1");
  std::vector<std::byte> bytes = file_bytes(library);
  bytes[EI_OSABI] = std::byte{ELFOSABI_GNU};
  write_bytes(library, bytes);
  const Subject subject = resolve({library}).at(0);
  EXPECT_THAT(subject.notes, testing::ElementsAre(AllOf(
                                 testing::StartsWith(library.string()), HasSubstr("--force"),
                                 HasSubstr("OS/ABI is GNU/Linux"), HasSubstr("is System V"))));
  EXPECT_EQ(ElfFile::open(subject.unstripped).header().e_ident[EI_OSABI], ELFOSABI_GNU);
  expect_loaded_alike(ElfFile::open(library), ElfFile::open(subject.unstripped));
}

// By force or not, what is of another build is refused.
TEST_F(ResolveTest, a_wrong_debug_file_with_the_right_build_id_is_refused) {
  const fs::path library = file("root/lib/libsmall.so.1");
  build_library(file("build/libother.so"), "int other(int a) { return a; }", {"-Wl,-z,now"});
  const Pair other{file("root/lib/libother.so"), file("root/lib/other.debug")};
  find_recipe("conventional")->make(file("build/libother.so"), other, scratch_.path());
  {
    const ElfFile main = ElfFile::open(library);
    const ElfFile debug = ElfFile::open(other.debug);
    ElfEdit edit(debug);
    edit.set_build_id(build_id(main)->bytes);
    edit.write(file("root/lib/libsmall.so.1.debug"));
  }
  for (const unsigned char abi : {ELFOSABI_SYSV, ELFOSABI_GNU}) {
    std::vector<std::byte> bytes = file_bytes(library);
    bytes[EI_OSABI] = std::byte{abi};
    write_bytes(library, bytes);
    EXPECT_THAT(error_of(library), AllOf(testing::StartsWith(library.string()),
                                         Not(HasSubstr("subjects")), Not(HasSubstr("\n"))));
  }
}

// Moved as prelink moves it: linked again at another address.
TEST_F(ResolveTest, a_prelinked_library_is_joined_with_the_addresses_of_its_debug_file) {
  const fs::path library = file("root/lib/libsmall.so.1");
  const ElfFile built = ElfFile::open(library);
  const std::string bytes(reinterpret_cast<const char*>(built.bytes().data()),
                          built.bytes().size());
  const GElf_Ehdr& header = built.header();
  const std::string undo =
      bytes.substr(0, header.e_ehsize) +
      bytes.substr(header.e_phoff, std::size_t{header.e_phnum} * header.e_phentsize) +
      bytes.substr(header.e_shoff + header.e_shentsize,
                   std::size_t{header.e_shnum - 1U} * header.e_shentsize);
  fs::create_directories(file("moved"));
  build_library(file("moved/libsmall.so.1"), small_source, {"-Wl,-Ttext-segment=0x41000000"});
  const Pair moved{file("moved/root.so"), file("moved/debug")};
  find_recipe("conventional")->make(file("moved/libsmall.so.1"), moved, scratch_.path());
  {
    const ElfFile main = ElfFile::open(moved.main);
    ElfEdit edit(main);
    edit.set_build_id(build_id(built)->bytes);
    edit.put_section({.name = ".gnu.prelink_undo", .bytes = std::as_bytes(std::span(undo))});
    edit.write(file("prelinked/libsmall.so.1"));
  }
  fs::rename(file("root/lib/libsmall.so.1.debug"), file("prelinked/libsmall.so.1.debug"));

  // main's debug link is that of the debug file of its own; the build-id decides.
  const Subject subject =
      resolve_subjects({file("prelinked/libsmall.so.1")}, scratch_.path() / "subjects", "none",
                       nullptr, {{}, {file("prelinked/libsmall.so.1.debug")}})
          .at(0);
  EXPECT_THAT(subject.notes, testing::ElementsAre(HasSubstr("is prelinked; that was undone")));
  const ElfFile joined = ElfFile::open(subject.unstripped);
  EXPECT_EQ(joined.section(".gnu.prelink_undo"), nullptr);
  const ElfFile original = ElfFile::open(file("build/libsmall.so.1"));
  for (const Section& section : original.sections())
    if (section.allocated()) {
      ASSERT_NE(joined.section(section.name), nullptr) << section.name;
      EXPECT_EQ(section.header.sh_addr, joined.section(section.name)->header.sh_addr);
    }
  // The symbols lie where the DWARF says: asked of binutils.
  const std::string symbols = run({"nm", "-D", "--defined-only", subject.unstripped});
  EXPECT_EQ(symbols, run({"nm", "-D", "--defined-only", file("build/libsmall.so.1")}));
}

TEST_F(ResolveTest, the_same_file_is_a_subject_once_and_names_differ) {
  fs::create_symlink("libsmall.so.1", file("build/libsmall.so"));
  fs::create_directories(file("other"));
  fs::copy_file(file("build/libsmall.so.1"), file("other/libsmall.so.1"));
  const std::vector<Subject> subjects =
      resolve({file("build/libsmall.so.1"), file("build/libsmall.so"), "calls", "calls",
               file("other/libsmall.so.1")});
  ASSERT_EQ(subjects.size(), 3U);
  EXPECT_EQ(subjects[0].name, "libsmall.so.1");
  EXPECT_EQ(subjects[1].name, "calls");
  EXPECT_EQ(subjects[2].name, "libsmall.so.1-2");
}

TEST_F(ResolveTest, dwz_common_files_are_found_and_relative_links_made_absolute) {
  build_library(file("dwz/liba.so"), small_source, {"-Wl,--build-id=sha1"});
  build_library(file("dwz/libb.so"), std::string(small_source) + "int another(void) { return 2; }");
  for (const char* name : {"liba.so", "libb.so"})
    find_recipe("conventional")
        ->make(file(std::string("dwz/") + name),
               {file(std::string("lib/") + name), file(std::string("debug/") + name + ".debug")},
               scratch_.path());
  try {
    run({"dwz", "-m", file("debug/common").string(), "-M", "../debug/common",
         file("debug/liba.so.debug").string(), file("debug/libb.so.debug").string()});
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  ASSERT_TRUE(fs::exists(file("debug/common")));
  const ElfFile debug = ElfFile::open(file("debug/liba.so.debug"));
  ASSERT_TRUE(alt_link(debug).has_value());
  EXPECT_EQ(alt_link(debug)->path, "../debug/common");
  EXPECT_EQ(find_alt_file(debug, {.directories = {}, .sysroot = {}}),
            fs::canonical(file("debug/common")));

  const fs::path output = file("far/away/liba.so");
  join(file("lib/liba.so"), file("debug/liba.so.debug"), output, scratch_.path());
  const Subject subject = resolve({output}).at(0);
  EXPECT_EQ(subject.alt_file, fs::canonical(file("debug/common")));
  EXPECT_EQ(subject.alt_recorded, subject.alt_file);

  fs::remove(file("debug/common"));
  EXPECT_THAT(error_of(output), AllOf(HasSubstr("(dwz), which is missing"), HasSubstr("install")));
}

TEST(Fixture, every_fixture_is_a_subject_with_a_driver_or_crash_cases) {
  const std::vector<std::string> names = fixture_names();
  EXPECT_GE(names.size(), 8U);
  const ScratchDirectory scratch;
  const std::vector<Subject> subjects = resolve_subjects({"fixtures"}, scratch.path());
  ASSERT_EQ(subjects.size(), names.size());
  for (const Subject& subject : subjects) {
    SCOPED_TRACE(subject.name);
    EXPECT_TRUE(ElfFile::open(subject.unstripped).has_dwarf());
    // Python exercises what has no driver.
    EXPECT_NE(subject.driver.has_value(), !subject.crash_cases.empty());
    if (!subject.driver) continue;
    EXPECT_EQ(access(subject.driver->program.c_str(), X_OK), 0);
    EXPECT_FALSE(subject.driver->break_functions.empty());
  }
  EXPECT_TRUE(fixture("memerror").driver->memory_errors);
}

TEST(Fixture, a_damaged_description_is_an_error_that_says_where) {
  const ScratchDirectory scratch;
  const fs::path file = scratch.path() / "fixture.toml";
  const auto error_for = [&](const std::string& text) {
    write_file(file, text);
    return message_of([&] { fixture_in(scratch.path()); });
  };
  build_library(scratch.path() / "lib.so", small_source);
  write_file(scratch.path() / "driver", "");
  EXPECT_THAT(error_for("library = \"no.so\""), HasSubstr("no.so, which is not there"));
  EXPECT_THAT(error_for("library = 3"), HasSubstr("`library` has to be a string"));
  EXPECT_THAT(error_for("library = "), HasSubstr("fixture.toml:1: "));
  EXPECT_THAT(error_for("librarian = \"lib.so\""), HasSubstr("nobody knows the key `librarian`"));
  EXPECT_THAT(error_for("library = \"lib.so\"\n[driver]\nbreak_lines = [1]"),
              HasSubstr("`break_lines` has to be a list of strings"));
  EXPECT_EQ(error_for("library = \"lib.so\"\n[driver]\nmemory_errors = true"), "");
}

// The round trip on what a distribution ships: joined and stripped again, what is loaded is the
// same to the byte.
TEST(RealLibraries, joined_and_stripped_again_load_the_same) {
  const ScratchDirectory scratch;
  std::size_t checked = 0;
  for (const fs::path& library : real_libraries()) {
    SCOPED_TRACE(library);
    std::vector<Subject> subjects;
    try {
      subjects = resolve_subjects({library}, scratch.path() / library.filename());
    } catch (const Error& error) {
      std::fprintf(stderr, "not checked: %s\n", error.what());
      continue;
    }
    const Subject& subject = subjects.at(0);
    EXPECT_EQ(subject.file_name, library.filename());
    const Pair pair{scratch.path() / "main", scratch.path() / "debug"};
    find_recipe("conventional")->make(subject.unstripped, pair, scratch.path());
    expect_loaded_alike(ElfFile::open(library), ElfFile::open(pair.main));
    EXPECT_EQ(subject.alt_file.has_value(), library.filename() == "liblua5.4.so.0");
    ++checked;
  }
  if (checked == 0) GTEST_SKIP() << "no library with its debug package is installed";
}

}  // namespace
}  // namespace splitstrip
