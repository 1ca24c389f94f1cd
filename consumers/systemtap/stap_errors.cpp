#include "consumers/systemtap/stap_errors.h"

#include <fmt/format.h>

#include "consumers/answers.h"

namespace splitstrip {

std::string first_complaint(std::string_view errors) {
  while (!errors.empty()) {
    const auto line = errors.substr(0, errors.find('\n'));
    for (const auto* begins : {"semantic error:", "parse error:", "ERROR:", "Error:", "error:"})
      if (line.starts_with(begins)) return std::string(line.substr(0, 200));
    errors.remove_prefix(std::min(line.size() + 1, errors.size()));
  }
  return {};
}

QueryEnd judge_stap(const std::string& query, const Ending& ending) {
  if (ending.how == Ending::How::exited &&
      ending.errors_tail.find("Pass 2: analyzed script:") != std::string::npos)
    return {query, QueryEnd::How::answered, ""};
  const std::string complaint = first_complaint(ending.errors_tail);
  return {query, QueryEnd::How::failed,
          complaint.empty()
              ? fmt::format("stap did not get through its pass 2 ({})", describe(ending))
              : complaint};
}

}  // namespace splitstrip
