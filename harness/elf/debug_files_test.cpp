#include "elf/debug_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using namespace testing_support;

// A library in a tree, stripped, and its debug file, which each test lays somewhere.
class DebugFilesTest : public testing::Test {
 protected:
  DebugFilesTest() {
    build_library(file("libsmall.so.1"), small_source);
    run({"objcopy", "--only-keep-debug", file("libsmall.so.1"), file("libsmall.so.1.debug")});
    fs::create_directories(library_.parent_path());
    run({"strip", "-o", library_, file("libsmall.so.1")});
    run({"objcopy", "--add-gnu-debuglink=" + file("libsmall.so.1.debug").string(), library_});
    const ElfFile elf = ElfFile::open(library_);
    by_id_ = build_id_file(build_id(elf)->hex());
  }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }
  fs::path lay(const fs::path& path) const {
    fs::create_directories(path.parent_path());
    fs::copy_file(file("libsmall.so.1.debug"), path);
    return path;
  }
  std::optional<fs::path> found(const DebugPlaces& places) const {
    return find_debug_file(ElfFile::open(places.named(library_)), places);
  }
  std::optional<fs::path> found_below(const std::string& directory) const {
    return found({.directories = {file("empty"), file(directory)}, .sysroot = {}});
  }

  ScratchDirectory scratch_;
  fs::path tree_ = scratch_.path() / "tree";
  fs::path library_ = tree_ / "usr/lib64/libsmall.so.1";
  fs::path by_id_;
};

TEST_F(DebugFilesTest, a_directory_may_be_laid_out_in_every_usual_way) {
  EXPECT_EQ(found_below("none"), std::nullopt);
  fs::path path = lay(file("a") / by_id_);
  EXPECT_EQ(found_below("a"), path);
  path = lay(file("b/libsmall.so.1.debug"));
  EXPECT_EQ(found_below("b"), path);
  path = lay(file("c/usr/lib/debug") / by_id_);
  EXPECT_EQ(found_below("c"), path);
  const ElfFile elf = ElfFile::open(library_);
  const std::string id = build_id(elf)->hex();
  path = lay(file("d") / id / "debuginfo");
  EXPECT_EQ(found_below("d"), path);
  path = lay(file("e") / library_.parent_path().relative_path() / "libsmall.so.1.debug");
  EXPECT_EQ(found_below("e"), path);
}

TEST_F(DebugFilesTest, earlier_directories_come_first_and_another_build_does_not_count) {
  build_library(file("libother.so"), "int other(void) { return 1; }");
  fs::create_directories(file("a"));
  fs::copy_file(file("libother.so"), file("a/libsmall.so.1.debug"));
  EXPECT_THAT(message_of([&] { found_below("a"); }),
              AllOf(HasSubstr("libsmall.so.1: its debug file is of another build"),
                    HasSubstr("a/libsmall.so.1.debug has build-id")));
  const fs::path path = lay(file("b") / by_id_);
  const DebugPlaces both{.directories = {file("a"), file("b")}, .sysroot = {}};
  EXPECT_EQ(found(both), path);
  write_file(file("a/libsmall.so.1.debug"), "rubbish");
  EXPECT_EQ(found(both), path);
  EXPECT_THAT(message_of([&] { found_below("a"); }), HasSubstr("is not an ELF file"));
}

TEST_F(DebugFilesTest, a_tree_is_searched_and_the_system_is_not) {
  const DebugPlaces places = DebugPlaces::of({}, tree_);
  EXPECT_EQ(found(places), std::nullopt);
  const fs::path path = lay(tree_ / "usr/lib/debug/usr/lib64/libsmall.so.1.debug");
  EXPECT_EQ(found(places), path);
  // As rpm lays it out, but with an absolute link.
  fs::rename(path, tree_ / "usr/lib/debug/usr/lib64/libsmall-1-2.x86_64.debug");
  fs::create_directories((tree_ / "usr/lib/debug" / by_id_).parent_path());
  fs::create_symlink("/usr/lib/debug/usr/lib64/libsmall-1-2.x86_64.debug",
                     tree_ / "usr/lib/debug" / by_id_);
  EXPECT_EQ(found(places), tree_ / "usr/lib/debug/usr/lib64/libsmall-1-2.x86_64.debug");
  // A directory of the user's comes before it.
  const fs::path own = lay(file("own") / by_id_);
  EXPECT_EQ(found(DebugPlaces::of({file("own")}, tree_)), own);
  EXPECT_EQ(DebugPlaces::of({}, tree_).directories.size(), 0U);
  EXPECT_EQ(DebugPlaces::of({file("own")}, "").directories.back(), debug_directory);
}

TEST_F(DebugFilesTest, a_library_that_is_an_absolute_link_is_that_of_the_tree) {
  fs::rename(library_, tree_ / "usr/lib64/libsmall.so.1.2");
  fs::create_symlink("/usr/lib64/libsmall.so.1.2", library_);
  lay(tree_ / "usr/lib64/.debug/libsmall.so.1.debug");
  const DebugPlaces places = DebugPlaces::of({}, tree_);
  EXPECT_EQ(places.named(library_), tree_ / "usr/lib64/libsmall.so.1.2");
  EXPECT_EQ(places.named(file("elsewhere")), file("elsewhere"));
  EXPECT_EQ(found(places), tree_ / "usr/lib64/.debug/libsmall.so.1.debug");
}

TEST_F(DebugFilesTest, a_debug_directory_that_is_none_is_refused) {
  EXPECT_THAT(message_of([&] { DebugPlaces::of({file("none")}, ""); }),
              AllOf(HasSubstr("--debug-dir"), HasSubstr("none: is no directory")));
}

// With dwz's common file, whose record is relative or absolute.
class AltFileTest : public DebugFilesTest {
 protected:
  // Whether dwz made a common file that is recorded as `record`.
  bool make(const std::string& record) {
    if (!program_exists("dwz")) return false;
    build_library(file("libtwo.so"), std::string(small_source) + "int two(void) { return 2; }");
    run({"objcopy", "--only-keep-debug", file("libtwo.so"), file("libtwo.so.debug")});
    const fs::path debug = lay(tree_ / "usr/lib/debug/usr/lib64/libsmall.so.1.debug");
    run({"dwz", "-m", file("common"), "-M", record, debug, file("libtwo.so.debug")});
    debug_ = debug;
    return true;
  }
  fs::path put_common(const fs::path& path) const {
    fs::create_directories(path.parent_path());
    fs::copy_file(file("common"), path);
    return path;
  }
  fs::path found(const DebugPlaces& places, const fs::path& debug) const {
    return find_alt_file(ElfFile::open(debug), places);
  }
  fs::path debug_;
};

TEST_F(AltFileTest, a_relative_record_counts_from_where_the_file_really_lies) {
  if (!make("../../.dwz/small")) GTEST_SKIP() << "no dwz here";
  EXPECT_THAT(message_of([&] { found({}, debug_); }),
              AllOf(HasSubstr("../../.dwz/small (dwz), which is missing"), HasSubstr("install")));
  const fs::path common = put_common(tree_ / "usr/lib/debug/.dwz/small");
  EXPECT_EQ(found({}, debug_), common);
  // Through a link that lies at another depth.
  fs::create_directories(file("links/deep/er/still"));
  fs::create_symlink(debug_, file("links/deep/er/still/debug"));
  EXPECT_EQ(found({}, file("links/deep/er/still/debug")), common);
  EXPECT_EQ(found(DebugPlaces::of({}, tree_), debug_), common);
}

TEST_F(AltFileTest, an_absolute_record_counts_from_the_tree) {
  if (!make("/usr/lib/debug/.dwz/splitstrip-small")) GTEST_SKIP() << "no dwz here";
  const fs::path common = put_common(tree_ / "usr/lib/debug/.dwz/real");
  fs::create_symlink("/usr/lib/debug/.dwz/real", tree_ / "usr/lib/debug/.dwz/splitstrip-small");
  EXPECT_THAT(message_of([&] { found({}, debug_); }), HasSubstr("(dwz), which is missing"));
  EXPECT_EQ(found(DebugPlaces::of({}, tree_), debug_), common);
}

TEST_F(AltFileTest, a_debug_directory_has_it_by_path_by_name_and_by_build_id) {
  if (!make("../../.dwz/small")) GTEST_SKIP() << "no dwz here";
  const fs::path debug = file("alone/libsmall.so.1.debug");
  fs::create_directories(file("alone"));
  fs::rename(debug_, debug);
  const auto below = [&](const std::string& name) {
    return found({.directories = {file(name)}, .sysroot = {}}, debug);
  };
  fs::path common = put_common(file("a/.dwz/small"));
  EXPECT_EQ(below("a"), common);
  common = put_common(file("b/small"));
  EXPECT_EQ(below("b"), common);
  common = put_common(file("c/usr/lib/debug/.dwz/small"));
  EXPECT_EQ(below("c"), common);
  const ElfFile elf = ElfFile::open(file("common"));
  common = put_common(file("d") / build_id_file(build_id(elf)->hex()));
  EXPECT_EQ(below("d"), common);
  EXPECT_THAT(message_of([&] { below("none"); }), HasSubstr("which is missing"));
  common = put_common(file("alone/small"));
  EXPECT_EQ(below("none"), common);
}

TEST_F(AltFileTest, another_build_does_not_count) {
  if (!make("../../.dwz/small")) GTEST_SKIP() << "no dwz here";
  fs::create_directories(tree_ / "usr/lib/debug/.dwz");
  fs::copy_file(file("libtwo.so"), tree_ / "usr/lib/debug/.dwz/small");
  EXPECT_THAT(message_of([&] { found({}, debug_); }), HasSubstr("which is of another build"));
}

}  // namespace
}  // namespace splitstrip
