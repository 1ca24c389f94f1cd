// Reads what `perf script -F ip,sym,symoff,srcline,dso` tells of samples:
//
//                 1219 wait_released+0x9
//     ./lib.c:37 (inlined)
//                 1219 wait_at_place+0x9 ($ROOT/lib/libthreads.so)
//     ./lib.c:47
//
// with an empty line before each sample, becomes
//
//   0x1219    wait_released at ./lib.c:37 < wait_at_place+0x9 at ./lib.c:47
//
// "[unknown]" and "libthreads.so[1219]" are no facts; nor are frames that perf unwound to from the
// made-up stack.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class SampleReader : public LineReader {
 public:
  // `library`: as perf sees it. `samples`: how many there are; fewer answers are a failure.
  SampleReader(std::string query, const std::filesystem::path& library, std::size_t samples)
      : query_(std::move(query)), library_(library.string()), samples_(samples) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  void sample_ends(FactSink& facts);

  std::string query_;
  std::string library_;
  std::size_t samples_;
  std::size_t answered_ = 0;
  std::string address_;   // of the sample being read; empty between two
  std::string frame_;     // the frame's function; empty: unknown
  bool foreign_ = false;  // a frame of another address
  std::string chain_;
};

}  // namespace splitstrip
