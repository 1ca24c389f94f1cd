// Reads the JSON object that `rr explicit-sources LIB` prints:
//
//   {"relevant_binaries":["c469…"],
//    "external_debug_info":[{"path":"/usr/lib/debug/.build-id/c4/69….debug","build_id":"c469…",
//                            "type":"debuglink"}],
//    "dwos":[{"name":"a.dwo",…}], "files":{"":["/usr/include/stdio.h"]}, …}
//
// becomes
//
//   relevant binaries       1
//   external debug info     debuglink
//   dwo a.dwo               named
//   file /usr/include/stdio.h    source
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

class SourcesReader : public AnswerReader {
 public:
  // A path below `root` becomes one below $ROOT.
  SourcesReader(std::string query, std::string root)
      : query_(std::move(query)), root_(std::move(root)) {}

  void read(std::string_view bytes, FactSink& facts) override;
  std::vector<QueryEnd> finish(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string root_;
  std::string text_;
  bool too_long_ = false;
};

}  // namespace splitstrip
