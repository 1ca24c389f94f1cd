// Reads the backtraces of made-up stacks from valgrind's log.
//
//   **7** splitstrip: stack
//   ==7==    at 0x10920B: ask_from (in .../splitstrip-valgrind-stacks)
//   ==7==    by 0x800001150: assemble (lib.c:23)
//   ==7==    by 0x80000122F: libonly_create (lib.c:33)
//
// Facts, by the place of each frame in the library, "top" for the innermost:
//
//   top 0x1150    assemble (lib.c:23)
//   0x1230        libonly_create (lib.c:33)        the return address: valgrind tells the byte
//   before 0x1230 #1     ...                              what that is inlined into, and so on
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class BacktraceReader : public LineReader {
 public:
  // `root` is $ROOT, `load_base` what the library's addresses are counted from.
  BacktraceReader(std::string query, std::filesystem::path root, std::uint64_t load_base);

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  void said(std::string_view text);
  void frame(std::string_view text, FactSink& facts);

  std::string query_;
  std::filesystem::path root_;
  std::uint64_t load_base_;
  std::size_t frames_ = 0;  // of this stack so far, inlined ones left out; the probe's is the first
  std::uint64_t address_ = 0;  // of the last one
  std::size_t inlined_ = 0;    // frames told at that address
  QueryEnd end_;
};

}  // namespace splitstrip
