// Reads what `abidiff --verbose` writes to its standard error: the types that it read of each side.
//
// abidiff that finds no debug file compares what is left, finds nothing and exits 0; from its
// report alone, "the same" and "could not see" cannot be told apart. That it read the types of both
// sides is said only here, a line for each:
//
//   canonicalizing type struct trans_tbl [3/2536]@$ROOT/lib/libnl-3.so.200 ...DONE:0s
//
// Facts:
//
//   struct trans_tbl                read 1 time
//   types read of the reference     2536
//   exit status                     0: no change
//
// The types of the conventional pair are only counted: they are the same whatever this pair is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "consumers/answers.h"

namespace splitstrip {

class TypesSeenReader : public LineReader {
 public:
  // Of the names, each counted once. libgsl's have 2 MB; more than this is not believed.
  static constexpr std::size_t most_bytes = std::size_t{128} << 20;

  TypesSeenReader(std::string query, const std::filesystem::path& reference,
                  const std::filesystem::path& library)
      : query_(std::move(query)), reference_(reference), library_(library) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string reference_;
  std::string library_;
  std::map<std::string, std::uint64_t, std::less<>> types_;
  std::size_t bytes_ = 0;
  std::uint64_t of_reference_ = 0;
};

}  // namespace splitstrip
