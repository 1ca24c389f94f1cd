// Reads what `stap -v -p2` prints: the script as it is after analysis, when every read of a
// variable has become registers, offsets and sizes.
//
//   # functions
//   __private_reads_stp__dwarf_tvar_get_sk_0:long ()
//   { return @uderef(4, (@uregister(5)) + (4)) }
//   # probes
//   process("/r/lib/l.so").function("f@a.c:7").call? /* pc=.dynamic+0x20 */ /* <- ... */
//   { println(sprintf("sk=%i", __private_reads_stp__dwarf_tvar_get_sk_0())) }
//
// becomes
//
//   key     parameters f 0x20
//   value   sprintf("sk=%i", @uderef(4, (@uregister(5)) + (4)))
//
// Generated functions are put in place of their names, which are numbered differently whenever
// anything else changes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class ScriptListingReader : public LineReader {
 public:
  // All generated functions together; beyond it the listing is not believed.
  static constexpr std::size_t most_function_text = std::size_t{256} << 20;
  // A value is cut there, and ends with a checksum of the whole.
  static constexpr std::size_t longest_value = 8192;

  // `root` is $ROOT: where the library lies in memory is told with its path.
  ScriptListingReader(std::string query, std::filesystem::path root)
      : query_(std::move(query)), root_(std::move(root)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  enum class Section { other, functions, probes };

  void function_line(std::string_view text);
  void finish_function();
  void finish_probe(FactSink& facts);
  void expand(std::string_view text, unsigned depth, std::string& out) const;
  std::string presentable(std::string_view value) const;

  std::string query_;
  std::filesystem::path root_;
  Section section_ = Section::other;
  std::map<std::string, std::string, std::less<>> functions_;  // name to what it returns
  std::size_t function_text_ = 0;
  std::string name_;  // of the function or probe that is being read
  std::string body_;
};

}  // namespace splitstrip
