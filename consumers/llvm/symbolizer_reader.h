// Reads what `llvm-symbolizer --output-style=JSON` tells, one object a line for each question:
//
//   CODE 0x33c5
//   {"Address":"0x33c5","Symbol":[{"FunctionName":"step","FileName":"lib.cpp","Line":85,
//                  "Column":38,"Discriminator":0,"StartFileName":"lib.cpp","StartLine":83,…},{…}]}
//   FRAME 0x33a0  {"Address":"0x33a0","Frame":[{"FunctionName":"walk","Name":"shape","Size":"0x8",
//                  "DeclFile":"lib.cpp","DeclLine":71,"FrameOffset":…},{…}]}
//
// which becomes
//
//   0x33c5                step at lib.cpp:85:38 since lib.cpp:83 < walk at lib.cpp:77:16 since :71
//   0x33a0 walk shape     8 bytes, lib.cpp:71
//
// What it does not know (empty names, line 0) is no fact.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class SymbolizerReader : public LineReader {
 public:
  // `questions`: how many were asked. Fewer answers than that are a failure.
  SymbolizerReader(std::string query, std::size_t questions)
      : query_(std::move(query)), questions_(questions) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::size_t questions_;
  std::size_t answered_ = 0;
  std::string garbage_;  // the first line that is no answer
};

}  // namespace splitstrip
