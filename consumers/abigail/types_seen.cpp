#include "consumers/abigail/types_seen.h"

#include <fmt/format.h>

#include "consumers/abigail/abi_report.h"

namespace splitstrip {

void TypesSeenReader::line(std::string_view text, FactSink& facts) {
  constexpr std::string_view opening = "canonicalizing type ";
  if (!text.starts_with(opening)) return;  // how long it took, how it went
  text.remove_prefix(opening.size());
  // From the end: a type's name can hold anything, "[3/7]@" included.
  const auto mark = text.rfind("]@");
  const auto count = mark == std::string_view::npos ? mark : text.rfind(" [", mark);
  if (count == std::string_view::npos) return;
  const auto rest = text.substr(mark + 2);
  const auto of = [&](const std::string& path) {
    return rest.starts_with(path) && rest.substr(path.size()).starts_with(' ');
  };
  if (of(library_))
    facts.add(query_, text.substr(0, count), "read");
  else if (of(reference_))
    ++of_reference_;
}

std::vector<QueryEnd> TypesSeenReader::end(const Ending& ending, FactSink& facts) {
  if (auto failure = abidiff_failure(ending); !failure.empty())
    return all_ended({query_}, QueryEnd::How::failed, std::move(failure));
  facts.add(query_, "types read of the reference", fmt::format("{}", of_reference_));
  facts.add(query_, "exit status", abidiff_status(ending.code));
  return all_ended({query_}, QueryEnd::How::answered);
}

}  // namespace splitstrip
