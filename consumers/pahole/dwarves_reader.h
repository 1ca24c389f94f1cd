// Reads what `pahole -I` and `pfunct -l -V -i` print:
//
//   /* Used at: lib.c */
//   /* <26> lib.c:12 */
//   struct point {
//           int                        x;                    /*     0     4 */
//
//           /* XXX 4 bytes hole, try to pack */
//   …
//
// becomes
//
//   lib.c:12 struct point    int x; /* 0 4 */ /* XXX 4 bytes hole, try to pack */ …
//
// without the entry's offset in .debug_info, without the units it is used in, and with single
// spaces. Lines of variables are left out, and of what has no name ("(null)"): where DWARF has
// none, pfunct prints what lay in memory. A function that several units define otherwise, which it
// says in four lines, becomes
//
//   several: leaves_twice    first: lib.c current: leaves.c size: 0 != 31
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class DwarvesReader : public LineReader {
 public:
  // `program` stands in messages.
  DwarvesReader(std::string program, std::string query)
      : program_(std::move(program)), query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  void record_ends(FactSink& facts);

  std::string program_;
  std::string query_;
  std::string place_;  // "lib.c:12"
  std::string head_;   // the first line below it
  std::string body_;
  bool several_ = false;  // in the four lines
  std::string garbage_;   // the first line that belongs to no record
};

}  // namespace splitstrip
