#include "consumers/perf/probe_readers.h"

#include <fmt/format.h>

namespace splitstrip {
namespace {

// Any exit status: for a function that it cannot probe perf stops with an error, and what it told
// of those before stands.
std::vector<QueryEnd> probe_end(const std::string& query, const Ending& ending) {
  if (ending.how != Ending::How::exited) return {{query, QueryEnd::How::failed, describe(ending)}};
  return {{query, QueryEnd::How::answered, ""}};
}

// The fields between tabs, empty ones left out.
std::vector<std::string_view> fields(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const auto tab = text.find('\t');
    if (tab != 0) result.push_back(text.substr(0, tab));
    if (tab == std::string_view::npos) break;
    text.remove_prefix(tab + 1);
  }
  return result;
}

}  // namespace

void ProbeVariablesReader::line(std::string_view text, FactSink& facts) {
  constexpr std::string_view begins = "Available variables at ";
  if (text.starts_with(begins)) {
    function_ = text.substr(begins.size());
    place_.clear();
  } else if (text.starts_with("\t\t")) {
    auto words = fields(text);
    // [VAL] TYPE NAME RANGE; without --range TYPE NAME.
    if (place_.empty() || words.size() < 3) return;
    const auto name = words[2];
    words.erase(words.begin() + 2);
    facts.add(query_, fmt::format("{} {}", place_, name), fmt::format("{}", fmt::join(words, " ")));
  } else if (text.starts_with("\t@") && !function_.empty()) {
    place_ = fmt::format("{} {}", function_, text.substr(1));
    facts.add(query_, place_, "probed");
    told_ = true;
  }
}

std::vector<QueryEnd> ProbeVariablesReader::end(const Ending& ending, FactSink& /*facts*/) {
  if (!told_ && !if_nothing_.empty() && ending.how == Ending::How::exited)
    return {{query_, QueryEnd::How::unavailable, if_nothing_}};
  return probe_end(query_, ending);
}

void ProbeFunctionsReader::line(std::string_view text, FactSink& facts) {
  if (!text.empty()) facts.add(query_, text, "can be probed");
}

std::vector<QueryEnd> ProbeFunctionsReader::end(const Ending& ending, FactSink& /*facts*/) {
  return probe_end(query_, ending);
}

}  // namespace splitstrip
