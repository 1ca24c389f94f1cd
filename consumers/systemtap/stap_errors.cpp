#include "consumers/systemtap/stap_errors.h"

#include <fmt/format.h>

#include "consumers/answers.h"

namespace splitstrip {

std::string first_complaint(std::string_view errors) {
  while (!errors.empty()) {
    const auto line = errors.substr(0, errors.find('\n'));
    for (const auto* begins :
         {"semantic error:", "parse error:", "ERROR:", "Error:", "error:", "Error "})
      if (line.starts_with(begins)) return std::string(line.substr(0, 200));
    errors.remove_prefix(std::min(line.size() + 1, errors.size()));
  }
  return {};
}

QueryEnd judge_stap(const std::string& query, const Ending& ending, LastPass last) {
  const std::string& errors = ending.errors_tail;
  const auto says = [&](const char* what) { return errors.find(what) != std::string::npos; };
  const bool exited = ending.how == Ending::How::exited;
  const bool analysed = says("Pass 2: analyzed script:");
  const bool refused = says("Pass 2: analysis failed");
  const bool through = last == LastPass::analysis ? analysed : says("Pass 3: translated to C");
  std::string complaint = first_complaint(errors);
  if (exited && refused) return {query, QueryEnd::How::answered, std::move(complaint)};
  if (exited && through) return {query, QueryEnd::How::answered, ""};
  if (complaint.empty())
    complaint = fmt::format("stap did not get through its pass {} ({})", static_cast<int>(last),
                            describe(ending));
  return {query, QueryEnd::How::failed, std::move(complaint)};
}

}  // namespace splitstrip
