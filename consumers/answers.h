// Readers that consumers share: line by line, and the tab-separated form that scripts write to the
// facts channel.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

// Cuts a stream into lines and hands each, without its newline, to `line`. A line longer than 1 MiB
// is cut there: no consumer prints one, and a hostile one must not fill the memory.
class LineReader : public AnswerReader {
 public:
  static constexpr std::size_t longest_line = std::size_t{1} << 20;

  void read(std::string_view bytes, FactSink& facts) final;
  std::vector<QueryEnd> finish(const Ending& ending, FactSink& facts) final;

 protected:
  virtual void line(std::string_view text, FactSink& facts) = 0;
  virtual std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) = 0;

 private:
  std::string partial_;
};

// What a script inside a consumer writes to file descriptor 3, one record a line, fields parted by
// tabs, with \t \n \r and \\ escaped inside fields:
//
//   QUERY <tab> KEY <tab> VALUE          a fact
//   !answered <tab> QUERY                the query was asked to its end
//   !unavailable <tab> QUERY <tab> WHY   the program cannot answer it here
//   !failed <tab> QUERY <tab> WHY
//
// A query without one of the three last has failed: the script died on the way.
class FactLinesReader : public LineReader {
 public:
  explicit FactLinesReader(std::vector<std::string> queries);

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::map<std::string, QueryEnd, std::less<>> ends_;
  std::string garbage_;  // the first line that is none of the above
};

// `text` for people, of how a run ended: "killed by SIGSEGV", "exit status 3".
std::string describe(const Ending& ending);

// Every query of `queries` ended the same way.
std::vector<QueryEnd> all_ended(const std::vector<std::string>& queries, QueryEnd::How how,
                                std::string reason = {});

}  // namespace splitstrip
