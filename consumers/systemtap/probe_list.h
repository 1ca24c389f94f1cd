// Reads what `stap -v -L` prints.
//
//   process("/r/lib/libnl-3.so.200").function("nl_connect@lib/nl.c:97")? /* pc=.dynamic+0x11820 */
//       $sk:struct nl_sock* $protocol:int          (all on one line)
//
// becomes
//
//   key     function nl_connect 0x11820
//   value   lib/nl.c:97 $sk:struct nl_sock* $protocol:int
//
// "0x11820" is the probe's address in the library; "pc=" comes with -v. Without line information
// there is no "@FILE:LINE", so that the key stays and the value tells of the loss. A statement's
// key holds its place, without which stap cannot name it at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

// One line of stap's list. None if it is something else.
struct ListedProbe {
  std::string kind;       // "function", "return", "statement"
  std::string name;       // of the function
  std::string place;      // FILE:LINE, or empty
  std::string address;    // "0x11820", or empty
  std::string variables;  // "$sk:struct nl_sock* $protocol:int", or empty
};
std::optional<ListedProbe> parse_listed_probe(std::string_view line);

class ProbeListReader : public LineReader {
 public:
  explicit ProbeListReader(std::string query) : query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string garbage_;  // the first line that is no probe
};

}  // namespace splitstrip
