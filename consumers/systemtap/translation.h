// Reads the C code that `stap -p3` prints: the kernel module that it would build.
//
//   l->__retvalue = uderef(4, (((u_fetch_register(5)) + (((int64_t)4LL)))));
//
// becomes a fact whose key is the expression: how many bytes the module would read, and where. Not
// how often, since stap makes one function of equal reads.
//
//   STAP_PROBE_INIT(0, &probe_6375, "process(\"/r/lib/l.so\").function(\"f@a.c:7\")", ...
//   { ..., .offset=(loff_t)0x11820ULL, .probe=(&stap_probes[0]), },
//
// together become one with the probe as key and the offset in the library as value.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class TranslationReader : public LineReader {
 public:
  static constexpr std::size_t most_entries = 1000000;

  // `root` is $ROOT: where the library lies in memory is told with its path.
  TranslationReader(std::string query, std::filesystem::path root)
      : query_(std::move(query)), root_(std::move(root)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::filesystem::path root_;
  std::map<std::string, std::string, std::less<>> probes_;  // by index in the table
  std::set<std::string, std::less<>> reads_;
};

}  // namespace splitstrip
