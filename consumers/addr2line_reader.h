// Reads what eu-addr2line and binutils' addr2line print about many addresses.
//
// With -i it prints a different number of lines for each address, so each is asked with -a, which
// prints the address before its answer:
//
//   0x00000000000307fb
//   condwait inlined at mutex.c:416:12 in lock     the innermost function (-f)
//   mutex.c:321:3                                  its line
//   lock                                           what it was inlined into (-i), and so on
//   mutex.c:416:12
//
// becomes
//
//   0x307fb function    condwait inlined at mutex.c:416:12 in lock
//   0x307fb line        mutex.c:321:3
//   0x307fb inlined     lock at mutex.c:416:12
//
// (binutils names the innermost function alone.) What they do not know ("??", "??:0", "??:?",
// "()+0x307fb") is no fact, so that the control is empty.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class Addr2lineReader : public LineReader {
 public:
  enum class Asked {
    functions,  // -a -f -i: function and line, again for each function it is inlined into
    symbols,    // -a -S: symbol and offset, and line
  };

  // `program` stands in messages. `addresses`: how many were asked about. Fewer answers than that
  // are a failure, whatever the exit status says.
  Addr2lineReader(std::string program, std::string query, Asked asked, std::size_t addresses)
      : program_(std::move(program)),
        query_(std::move(query)),
        asked_(asked),
        addresses_(addresses) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  void record_ends(FactSink& facts);

  std::string program_;
  std::string query_;
  Asked asked_;
  std::size_t addresses_;
  std::size_t answered_ = 0;
  std::string address_;              // of the record being read; empty before the first
  std::vector<std::string> record_;  // its lines
  std::string garbage_;              // the first line that fits nowhere
};

}  // namespace splitstrip
