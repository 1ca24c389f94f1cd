// Reads memcheck's errors from its XML (--xml=yes), one <error> at a time.
//
// Facts, with NAME the error's number and kind, such as "error 3 InvalidRead":
//
//   NAME                     Invalid read of size 4
//   NAME, stack 1, frame 2   read_value (./src/lib.c:25) in $ROOT/lib/libfoo.so.1
//   NAME, note 1             Location 0x... is 0 bytes inside global_array[5],
//
// Errors are numbered as they come, leaks among themselves by what they say, since valgrind's order
// of equal leaks is not the program's doing. Addresses, thread and process ids, times are left out.
//
// Source: docs/internals/xml-output-protocol4.txt of valgrind.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

class MemcheckReader : public AnswerReader {
 public:
  // An error of more bytes of XML than this is not believed.
  static constexpr std::size_t longest_error = std::size_t{4} << 20;
  // Leaks beyond these are left out; valgrind itself stops after 1000 different errors.
  static constexpr std::size_t most_leaks = 10000;

  // `root` is $ROOT.
  MemcheckReader(std::string query, std::filesystem::path root);

  void read(std::string_view bytes, FactSink& facts) override;
  std::vector<QueryEnd> finish(const Ending& ending, FactSink& facts) override;

 private:
  // What an error says, line by line: the rest of the key ("", ", note 1"), and the value.
  using Lines = std::vector<std::pair<std::string, std::string>>;
  struct Leak {
    std::string kind;
    Lines lines;
    friend auto operator<=>(const Leak&, const Leak&) = default;
  };

  void error(std::string_view xml, FactSink& facts);
  void add(const std::string& name, const Lines& lines, FactSink& facts) const;

  std::string query_;
  std::filesystem::path root_;
  std::string pending_;  // bytes that may be the beginning of an error
  std::size_t errors_ = 0;
  std::vector<Leak> leaks_;
  bool complete_ = false;  // the document was closed
  std::string garbage_;    // what is wrong with it
};

}  // namespace splitstrip
