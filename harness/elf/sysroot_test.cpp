#include "elf/sysroot.h"

#include <array>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using namespace testing_support;

// What the kernel makes of the path: where its file lies, or the empty path.
fs::path kernel_finds(const fs::path& root, const fs::path& path, bool& knows) {
  const int directory = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT;
  const auto file =
      static_cast<int>(::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how));
  knows = file >= 0 || (errno != ENOSYS && errno != EPERM);
  fs::path found;
  if (file >= 0) {
    found = fs::read_symlink("/proc/self/fd/" + std::to_string(file));
    ::close(file);
  }
  ::close(directory);
  return found;
}

class SysrootTest : public testing::Test {
 protected:
  SysrootTest() {
    fs::create_directories(tree_ / "usr/lib64");
    fs::create_directories(tree_ / "usr/lib/debug/.build-id/ab");
    write_file(tree_ / "usr/lib64/libfoo.so.1.2", "foo");
    write_file(scratch_.path() / "outside", "outside");
    link("usr/lib64", "lib64");
    link("/usr/lib64/libfoo.so.1.2", "usr/lib64/libfoo.so.1");
    link("libfoo.so.1", "usr/lib64/libfoo.so");
    link("../../../../../lib64/libfoo.so", "usr/lib/debug/.build-id/ab/cd");
    link("../../../../../../../../outside", "usr/escape");
    link("/outside", "usr/absolute-escape");
    link("../../../../../../../../lib64/libfoo.so", "usr/up-and-in");
    link("circle", "usr/circle");
    link("/usr/nowhere", "usr/dangling");
    link("/", "usr/root");
  }
  void link(const char* target, const fs::path& name) const {
    fs::create_symlink(target, tree_ / name);
  }
  ScratchDirectory scratch_;
  fs::path tree_ = scratch_.path() / "tree";
};

TEST_F(SysrootTest, links_lead_where_the_kernel_says_that_they_lead) {
  const Sysroot root(tree_);
  bool knows = true;
  for (const char* path :
       {"/usr/lib64/libfoo.so.1.2", "/usr/lib64/libfoo.so.1", "/usr/lib64/libfoo.so",
        "usr/lib64/libfoo.so", "/lib64/libfoo.so", "/lib64/../lib64/./libfoo.so",
        "/usr/lib/debug/.build-id/ab/cd", "/usr/escape", "/usr/absolute-escape", "/usr/up-and-in",
        "/usr/circle", "/usr/dangling", "/usr/root/usr/root/lib64/libfoo.so", "/../../lib64",
        "/usr/lib64/libfoo.so/", "/usr/lib64/libfoo.so.1.2/..", "/usr/nothing/../lib64", "/"}) {
    const fs::path expected = kernel_finds(tree_, path, knows);
    if (!knows) GTEST_SKIP() << "this kernel or sandbox has no openat2";
    EXPECT_EQ(root.find(path).value_or(""), expected) << path;
  }
}

TEST_F(SysrootTest, no_link_leads_out_of_the_tree) {
  const Sysroot root(tree_);
  EXPECT_EQ(root.find("/usr/lib64/libfoo.so"), tree_ / "usr/lib64/libfoo.so.1.2");
  EXPECT_EQ(root.find("/usr/up-and-in"), tree_ / "usr/lib64/libfoo.so.1.2");
  EXPECT_EQ(root.find("/usr/escape"), std::nullopt);
  EXPECT_EQ(root.find("/usr/absolute-escape"), std::nullopt);
  EXPECT_EQ(root.find("/usr/circle"), std::nullopt);
  EXPECT_EQ(root.find("/../../outside"), std::nullopt);
}

TEST_F(SysrootTest, what_is_named_from_outside_has_a_path_inside) {
  const Sysroot root(tree_);
  EXPECT_EQ(root.inside(tree_ / "usr/lib64/libfoo.so"), "/usr/lib64/libfoo.so");
  EXPECT_EQ(root.inside(tree_ / "usr/../lib64/libfoo.so"), "/lib64/libfoo.so");
  EXPECT_EQ(root.inside(scratch_.path() / "outside"), std::nullopt);
  fs::create_symlink(tree_ / "usr", scratch_.path() / "other-way");
  EXPECT_EQ(root.inside(scratch_.path() / "other-way/lib64/libfoo.so.1"), "/usr/lib64/libfoo.so.1");
  fs::create_symlink(tree_, scratch_.path() / "second-name");
  EXPECT_EQ(Sysroot(scratch_.path() / "second-name").inside(tree_ / "usr"), "/usr");
}

TEST_F(SysrootTest, what_is_no_directory_is_refused) {
  EXPECT_THAT(message_of([&] { Sysroot(scratch_.path() / "outside"); }),
              testing::HasSubstr("outside: is no directory"));
  EXPECT_THAT(message_of([&] { Sysroot(scratch_.path() / "none"); }),
              testing::HasSubstr("none: is no directory"));
}

}  // namespace
}  // namespace splitstrip
