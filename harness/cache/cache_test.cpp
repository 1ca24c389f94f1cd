#include "cache/cache.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sha256.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

class CacheTest : public testing::Test {
 protected:
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path entry(const std::string& key) const {
    return scratch_.path() / "cache" / key.substr(0, 2) / key.substr(2);
  }

  ScratchDirectory scratch_{testing::TempDir()};
  Cache cache_{scratch_.path() / "cache"};
  std::string key_ = sha256("what it was made from");
  fs::path file_ = scratch_.path() / "file";
  fs::path found_ = scratch_.path() / "found";
};

TEST_F(CacheTest, gives_back_what_it_keeps) {
  const std::string bytes("line\nand \0 and \xff", 16);
  write_file(file_, bytes);
  EXPECT_FALSE(cache_.find(key_, found_));
  EXPECT_FALSE(cache_.has(key_));
  cache_.keep(key_, file_, {{"seconds", 1.5}});
  EXPECT_TRUE(cache_.has(key_));
  EXPECT_EQ(cache_.find(key_, found_), nlohmann::json({{"seconds", 1.5}}));
  EXPECT_EQ(read(found_), bytes);
  write_file(file_, "");
  cache_.keep(key_, file_, {{"command", "\xff is no UTF-8"}});
  EXPECT_TRUE(cache_.find(key_, found_));
  EXPECT_EQ(read(found_), "");
}

TEST_F(CacheTest, throws_a_damaged_entry_away) {
  write_file(file_, "facts");
  for (const std::string damage : {"", "no header at all",
                                   R"({"about":{},"sha256":"00"})"
                                   "\nfacts"}) {
    cache_.keep(key_, file_, {});
    write_file(entry(key_), damage);
    EXPECT_FALSE(cache_.find(key_, found_)) << damage;
    EXPECT_FALSE(fs::exists(entry(key_)));
    EXPECT_FALSE(fs::exists(found_));
  }
}

TEST_F(CacheTest, forgets_what_was_not_used_for_longest) {
  write_file(file_, std::string(1000, 'x'));
  const std::string old = sha256("old"), used = sha256("used"), fresh = sha256("new");
  for (const auto& key : {old, used, fresh}) {
    cache_.keep(key, file_, {});
    fs::last_write_time(entry(key), fs::file_time_type::clock::now() - std::chrono::hours(9));
  }
  fs::last_write_time(entry(old), fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_TRUE(cache_.find(used, found_));
  cache_.shrink(2500);
  EXPECT_FALSE(cache_.has(fresh));
  EXPECT_TRUE(cache_.has(old));
  EXPECT_TRUE(cache_.has(used));
}

TEST_F(CacheTest, forgets_what_it_is_told_to) {
  write_file(file_, "facts");
  cache_.keep(key_, file_, {});
  cache_.forget(key_);
  EXPECT_FALSE(cache_.has(key_));
  cache_.forget(key_);
}

TEST_F(CacheTest, says_why_a_directory_will_not_do) {
  write_file(file_, "");
  EXPECT_THAT([this] { Cache(file_ / "below"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("--cache")));
}

}  // namespace
}  // namespace splitstrip
