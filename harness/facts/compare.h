// Reference against candidate, and what of the reference is evidence at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace splitstrip {

struct Difference {
  std::string key;
  std::optional<std::string> reference;  // absent: gained
  std::optional<std::string> candidate;  // absent: lost
};

struct Comparison {
  static constexpr std::size_t kept_differences = 100;

  std::uint64_t facts = 0;     // of the reference
  std::uint64_t evidence = 0;  // facts of the reference that the withheld control does not tell
  std::uint64_t same = 0;
  std::uint64_t changed = 0;  // the same key, another value
  std::uint64_t lost = 0;
  std::uint64_t gained = 0;
  std::vector<Difference> differences;  // the first of them, in key order
};

// An outer join of three fact files by key. Streams: holds no more than the facts of one key.
// Throws Error on a file that cannot be read.
Comparison compare(const std::filesystem::path& reference, const std::filesystem::path& candidate,
                   const std::filesystem::path& withheld);

}  // namespace splitstrip
