// Reads debugging information entries as `readelf -W --debug-dump=info` prints them:
//
//    <1><2e>: Abbrev Number: 16 (DW_TAG_typedef)
//       <2f>   DW_AT_name        : (indirect string, offset: 0x167d): size_t
//       <33>   DW_AT_decl_file   : 4
//       <34>   DW_AT_decl_line   : 214
//       <36>   DW_AT_type        : <0x3a>
//
// A named entry just below its unit becomes a fact, with all that lies below it as a digest;
// unnamed ones go into the unit's:
//
//    addr.c: typedef size_t    decl_file 4; decl_line 214; type
//    addr.c: unit              version 5; …; 12 unnamed, 0123456789abcdef
//
// Offsets into sections are left out (of entries, strings, lists), and with them what they lead to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

// An attribute's value without offsets: "(indirect string, offset: 0x110): GNU C17" is "GNU C17".
std::string without_offsets(std::string_view value);

class EntryReader : public LineReader {
 public:
  explicit EntryReader(std::string query) : query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  void entry(std::string_view text, FactSink& facts);
  void attribute(std::string_view text);
  void top_ends(FactSink& facts);
  void unit_ends(FactSink& facts);

  struct Top {
    std::string tag;
    std::string name;
    std::string attributes;
    std::uint64_t below = 0;   // entries
    std::uint64_t digest = 0;  // of what is below, and of attributes that are too many
  };

  std::string query_;
  int depth_ = -1;  // of the entry being read; -1: none
  Top unit_;
  Top top_;
  std::string version_;
  std::uint64_t unnamed_ = 0;
  std::uint64_t unnamed_digest_ = 0;  // a sum: their order does not matter
};

}  // namespace splitstrip
