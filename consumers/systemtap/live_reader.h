// Reads what the live script prints while the driver runs: "hit FUNCTION", a line for every call.
//
// A fact is that a function was reached; how often is the driver's threads' business.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class LiveReader : public LineReader {
 public:
  static constexpr std::size_t most_functions = 100000;

  // `without` is what is missing here for another way, and what brings it; it stands in the reason
  // if the run is refused.
  LiveReader(std::string query, std::string without)
      : query_(std::move(query)), without_(std::move(without)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string without_;
  std::set<std::string, std::less<>> reached_;
};

}  // namespace splitstrip
