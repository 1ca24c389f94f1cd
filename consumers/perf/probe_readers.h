// Reads what `perf probe` tells without placing a probe.
//
//   --vars f --range:
//       Available variables at gathered
//               @<gathered+0>
//                       [VAL]   struct threads_pool*    pool    @<gathered+[0-14,14-72]>
//   becomes  gathered @<gathered+0> pool    [VAL] struct threads_pool* @<gathered+[0-14,14-72]>
//   and "gathered @<gathered+0>    probed" for a function without variables.
//
//   --funcs: a name a line, each a fact.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class ProbeVariablesReader : public LineReader {
 public:
  // `if_nothing`: why there may be nothing to tell, whatever the pair; then the query is
  // unavailable.
  explicit ProbeVariablesReader(std::string query, std::string if_nothing = {})
      : query_(std::move(query)), if_nothing_(std::move(if_nothing)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string if_nothing_;
  bool told_ = false;
  std::string place_;  // "gathered @<gathered+0>"
  std::string function_;
};

class ProbeFunctionsReader : public LineReader {
 public:
  explicit ProbeFunctionsReader(std::string query) : query_(std::move(query)) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
};

}  // namespace splitstrip
