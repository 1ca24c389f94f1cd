// Reads the symbols of the debug file as `readelf -W --process-links --symbols` prints them:
//
//   In linked file '/usr/lib/debug/…' symbol section '.symtab' contains 625 entries:
//      Num:    Value          Size Type    Bind   Vis      Ndx Name
//      621: 000000000000c250   142 FUNC    GLOBAL DEFAULT   12 nl_cache_search
//
// becomes
//
//   nl_cache_search    FUNC GLOBAL DEFAULT, 142 bytes at 0xc250 in section 12
//
// Main's own tables are left out: they do not depend on the debug file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class SymbolTableReader : public LineReader {
 public:
  explicit SymbolTableReader(std::string query) : query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  bool linked_ = false;  // in a table of the debug file
};

}  // namespace splitstrip
