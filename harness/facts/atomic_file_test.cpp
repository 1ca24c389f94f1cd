#include "facts/atomic_file.h"

#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class AtomicFileTest : public testing::Test {
 protected:
  AtomicFileTest() {
    std::string name = (fs::temp_directory_path() / "atomic_file_test.XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~AtomicFileTest() override { fs::remove_all(directory_); }

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }
  static std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::string message_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  fs::path directory_;
};

TEST_F(AtomicFileTest, appears_only_with_commit_and_replaces_what_was_there) {
  const fs::path path = directory_ / "a";
  write_file(path, "old");
  {
    AtomicFile file(path);
    file.write("new and ");
    file.write("longer");
    EXPECT_EQ(content(path), "old");
    file.commit();
  }
  EXPECT_EQ(content(path), "new and longer");
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, leaves_nothing_without_commit) {
  const fs::path path = directory_ / "a";
  { AtomicFile(path).write("half"); }
  EXPECT_EQ(files(), 0U);
}

TEST_F(AtomicFileTest, follows_a_symbolic_link_and_keeps_it) {
  write_file(directory_ / "target", "old");
  fs::create_symlink("target", directory_ / "link");
  write_file(directory_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(directory_ / "link"));
  EXPECT_EQ(content(directory_ / "target"), "new");
}

TEST_F(AtomicFileTest, obeys_mode_and_umask) {
  const mode_t before = umask(022);
  write_file(directory_ / "program", "#!/bin/sh\n", 0777);
  umask(before);
  EXPECT_EQ(fs::status(directory_ / "program").permissions(),
            fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                fs::perms::others_read | fs::perms::others_exec);
}

TEST_F(AtomicFileTest, writes_to_a_device_and_does_not_replace_it) {
  write_file("/dev/null", "gone");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(AtomicFileTest, a_full_disk_names_the_file_and_the_remedy) {
  const std::string message = message_of([] { write_file("/dev/full", "x"); });
  EXPECT_THAT(message, HasSubstr("/dev/full"));
  EXPECT_THAT(message, HasSubstr("No space left on device"));
  EXPECT_THAT(message, HasSubstr("free some space"));
}

TEST_F(AtomicFileTest, a_directory_and_a_missing_directory_are_errors) {
  EXPECT_THAT(message_of([&] { write_file(directory_, "x"); }), HasSubstr("name a file"));
  EXPECT_THAT(message_of([&] { write_file(directory_ / "none" / "a", "x"); }),
              HasSubstr("make the directory first"));
  EXPECT_EQ(files(), 0U);
}

}  // namespace
}  // namespace splitstrip
