// Fact files read side by side, one key at a time: what comparisons are made of.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact_file.h"

namespace splitstrip {

// All values of one key, as they stand in the file: escaped, sorted, each as often as it was told.
using FactValues = std::vector<std::string>;

// What `from` holds more often than `what` does, and what both hold.
FactValues minus(const FactValues& from, const FactValues& what);
FactValues common(const FactValues& left, const FactValues& right);

// The value at `at`, unescaped; nothing beyond the last.
std::optional<std::string> value_at(const FactValues& values, std::size_t at);

class FactGroups {
 public:
  // Throws Error if the file cannot be read.
  explicit FactGroups(const std::filesystem::path& file) : reader_(file), more_(reader_.next()) {}

  bool done() const { return !more_; }
  std::string_view key() const { return reader_.key(); }

  // The values of `key` if it comes next, else none.
  FactValues take(std::string_view key);

 private:
  FactReader reader_;
  bool more_;
};

// The key that comes first in any of `groups`, escaped; nothing when all are at their end.
std::optional<std::string> first_key(std::span<const FactGroups> groups);

}  // namespace splitstrip
