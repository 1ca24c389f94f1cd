// Keeps files by the digest of all that they were made from, between runs.
//
//   DIRECTORY/ab/cdef...      one entry: a line of JSON that says what it is, then the file's bytes
//
// An entry appears whole or not at all, so several processes may use one cache. A damaged one (a
// full disk, another program) is noticed, thrown away and not found. Entries that were not used
// for longest go first once there are too many.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace splitstrip {

class Cache {
 public:
  // `directory` is created. Throws Error if it cannot be, or cannot be written to.
  explicit Cache(std::filesystem::path directory);

  // Writes the file kept under `key` to `file` and returns what was said of it; nothing if there is
  // no such entry, or a damaged one. `key` is 64 hex digits. Throws Error if `file` cannot be
  // written.
  std::optional<nlohmann::json> find(const std::string& key, const std::filesystem::path& file);

  // Whether there is an entry, without a look at it.
  bool has(const std::string& key) const;

  // Keeps the bytes of `file` under `key`, in place of what was there. Throws Error.
  void keep(const std::string& key, const std::filesystem::path& file, const nlohmann::json& about);

  // There is no entry afterwards.
  void forget(const std::string& key);

  // Removes the entries not used for longest until no more than `bytes` remain.
  void shrink(std::uint64_t bytes);

  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path entry(const std::string& key) const;

  std::filesystem::path directory_;
};

// $XDG_CACHE_HOME/splitstrip or ~/.cache/splitstrip; nothing where neither is known.
std::optional<std::filesystem::path> default_cache_directory();

}  // namespace splitstrip
