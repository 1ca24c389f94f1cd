// Lists of facts on disk: sorted, compressed, read and written as streams, so that a library with a
// million facts costs the harness a few megabytes.
//
// A fact file is a zstd stream of lines "KEY <tab> VALUE", with tab, newline, carriage return and
// backslash inside them escaped as \t \n \r \\, in the byte order of the lines. Equal facts are
// kept as often as they were told. `zstd -dc FILE | less` shows one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact.h"

namespace splitstrip {

// Collects the facts of one run, per query, and writes each query's list sorted.
class FactCollector : public FactSink {
 public:
  // Files go to `directory`, which exists: QUERY.facts.zst at the end, spilled pieces before.
  // `memory` bytes of facts are held, over all queries together, before they are spilled.
  explicit FactCollector(std::filesystem::path directory,
                         std::size_t memory = std::size_t{32} << 20);
  ~FactCollector() override;

  // Throws Error when a piece cannot be written (full disk).
  void add(std::string_view query, std::string_view key, std::string_view value) override;

  struct List {
    std::filesystem::path file;
    std::uint64_t facts = 0;
  };
  // Writes the list of `query`, also an empty one. Throws Error.
  List finish(std::string_view query);

 private:
  struct Pending;
  void spill();

  std::filesystem::path directory_;
  std::size_t memory_;
  std::size_t held_ = 0;
  std::map<std::string, std::unique_ptr<Pending>, std::less<>> pending_;
};

// Makes one list at `file` of several, which stay as they are. Throws Error.
void merge_fact_files(const std::vector<std::filesystem::path>& lists,
                      const std::filesystem::path& file);

// Reads a fact file from its beginning.
class FactReader {
 public:
  // Throws Error if the file cannot be read.
  explicit FactReader(const std::filesystem::path& file);
  ~FactReader();
  FactReader(FactReader&&) noexcept;

  // Steps to the next fact; false at the end. Throws Error on a damaged file.
  bool next();

  // The line as it stands in the file, and its two fields still escaped; valid until next().
  // `key()` ends with the tab, so that byte order of keys is the order of the file.
  std::string_view line() const;
  std::string_view key() const;
  std::string_view value() const;

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

// The text behind an escaped field (a key with or without its tab).
std::string unescape_fact(std::string_view field);

}  // namespace splitstrip
