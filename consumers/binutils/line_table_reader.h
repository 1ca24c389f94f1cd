// Reads a line table as `readelf -W --debug-dump=decodedline` prints it:
//
//   ././lib/addr.c:
//   addr.c          157              0x9040       1       x
//   addr.c          233              0x9127               x       END
//
// that is file, line, address, the view number where several rows have one address, "x" where a
// statement begins, END behind a sequence's last byte. It becomes
//
//   0x9040/1    ././lib/addr.c:157 statement
//   0x9127      ././lib/addr.c:233 statement end
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

struct LineRow {
  std::string_view file;  // its last component
  std::string_view line;  // decimal, or "-" in an END row
  std::string_view address;
  std::string_view view;  // empty: the first of its address
  bool statement = false;
  bool end = false;
};

// None if `text` is something else: a heading, a file's name.
std::optional<LineRow> parse_line_row(std::string_view text);

class LineTableReader : public LineReader {
 public:
  explicit LineTableReader(std::string query) : query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string file_;  // with its directory, as the heading above the rows has it
};

}  // namespace splitstrip
