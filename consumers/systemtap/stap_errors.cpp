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

QueryEnd judge_stap(const std::string& query, const Ending& ending, LastPass last) {
  const std::string& errors = ending.errors_tail;
  const bool analysis = last == LastPass::analysis;
  const bool through = errors.find(analysis ? "Pass 2: analyzed script:"
                                            : "Pass 3: translated to C") != std::string::npos &&
                       errors.find("analysis failed") == std::string::npos;
  if (ending.how == Ending::How::exited && through) return {query, QueryEnd::How::answered, ""};
  const std::string complaint = first_complaint(errors);
  return {query, QueryEnd::How::failed,
          complaint.empty() ? fmt::format("stap did not get through its pass {} ({})",
                                          static_cast<int>(last), describe(ending))
                            : complaint};
}

}  // namespace splitstrip
