// Reads what llvm-dwarfdump tells of a debug file.
//
//   --statistics: one JSON object of counts; each becomes a fact, those of the sizes of sections
//   excepted, which are a matter of form.
//   --verify:
//       Verifying .debug_line...
//       error: .debug_line[0x00000000].prologue.file_names[1].dir_idx contains an invalid index: 5
//   becomes ".debug_line" and each kind of error (without its numbers) with how often it came.
//
// llvm-dwarfdump does not follow a stripped library to its debug file: where that is away, there is
// no such file, and there are no facts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class StatisticsReader : public AnswerReader {
 public:
  explicit StatisticsReader(std::string query) : query_(std::move(query)) {}

  void read(std::string_view bytes, FactSink& facts) override;
  std::vector<QueryEnd> finish(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string text_;  // the object is some 10 KiB; more than LineReader's longest line is not kept
};

class VerifyReader : public LineReader {
 public:
  explicit VerifyReader(std::string query) : query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string section_;
  std::map<std::string, std::uint64_t> errors_;  // section or "section: error" -> how often
};

}  // namespace splitstrip
