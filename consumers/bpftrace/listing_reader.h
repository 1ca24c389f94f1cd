// Reads what `bpftrace -lv 'uprobe:LIB:*'` lists:
//
//   uprobe:$ROOT/lib/libtypes.so:descend
//       struct types_tree* tree
//       int depth
//
// becomes
//
//   descend    struct types_tree* tree, int depth
//
// A function without arguments, or whose arguments bpftrace does not know, is "()" : the name comes
// from a symbol table, the rest from DWARF.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class ListingReader : public LineReader {
 public:
  // `library`: as bpftrace sees it.
  ListingReader(std::string query, const std::filesystem::path& library)
      : query_(std::move(query)), prefix_("uprobe:" + library.string() + ":") {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  void function_ends(FactSink& facts);

  std::string query_;
  std::string prefix_;
  std::string function_;
  std::string arguments_;
  std::string garbage_;  // the first line that is neither
};

}  // namespace splitstrip
