// Reads the report that abidiff prints about two libraries.
//
// Facts: a line that stands for itself, and a block of indented lines as one. Of
//
//   Functions changes summary: 0 Removed, 1 Changed, 0 Added function
//
//   1 function with some indirect sub-type change:
//
//     [C] 'function int area(const point*)' at b.c:8:1 has some indirect sub-type changes:
//       parameter 1 of type 'const point*' has sub-type changes:
//         ...
//
// become
//
//   Functions changes summary               0 Removed, 1 Changed, 0 Added function
//   [C] function int area(const point*)     function with some indirect sub-type change: ' at
//                                           b.c:8:1 has ...: / parameter 1 of ...
//   exit status                             4: changes
//
// A report without a change has no facts at all, not even the exit status: where a break was
// planted, an abidiff that says nothing must not count as an answer. So a reference that does not
// see the break makes the cell vacuous, and a candidate that does not see it has lost every fact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "consumers/answers.h"

namespace splitstrip {

class AbiReportReader : public LineReader {
 public:
  // A block is cut there; the number of bytes it really had then stands at its end.
  static constexpr std::size_t longest_block = std::size_t{1} << 20;

  explicit AbiReportReader(std::string query) : query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  void end_block(FactSink& facts);

  std::string query_;
  std::string section_;  // title of the blocks that follow, without their number
  std::string key_;      // of the open block; empty if there is none
  std::string block_;
  std::size_t block_indent_ = 0;
  std::uint64_t block_bytes_ = 0;
  bool any_ = false;
};

// What the exit status of abidiff says, in words; it is a set of bits (abidiff(1), RETURN VALUES).
// Empty if it is one that abidiff does not document.
std::string abidiff_status(int code);

// Why a run of abidiff is no answer; empty if it is one.
std::string abidiff_failure(const Ending& ending);

// ": " and the last line that a program wrote to its standard error, or nothing: libabigail says
// last what ended it.
std::string last_words(const Ending& ending);

}  // namespace splitstrip
