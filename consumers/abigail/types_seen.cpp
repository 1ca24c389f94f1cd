#include "consumers/abigail/types_seen.h"

#include <fmt/format.h>

#include "consumers/abigail/abi_report.h"

namespace splitstrip {

void TypesSeenReader::line(std::string_view text, FactSink&) {
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
  if (of(reference_)) {
    ++of_reference_;
  } else if (of(library_)) {
    const auto name = text.substr(0, count);
    if (const auto known = types_.find(name); known != types_.end()) {
      ++known->second;
    } else if ((bytes_ += name.size()) <= most_bytes) {
      types_.emplace(name, 1);
    }
  }
}

std::vector<QueryEnd> TypesSeenReader::end(const Ending& ending, FactSink& facts) {
  if (auto failure = abidiff_failure(ending); !failure.empty())
    return all_ended({query_}, QueryEnd::How::failed, std::move(failure));
  if (bytes_ > most_bytes)
    return all_ended(
        {query_}, QueryEnd::How::failed,
        fmt::format("abidiff: read types with more than {} MiB of names", most_bytes >> 20));
  for (const auto& [name, times] : types_)
    facts.add(query_, name, fmt::format("read {} time{}", times, times == 1 ? "" : "s"));
  facts.add(query_, "types read of the reference", fmt::format("{}", of_reference_));
  facts.add(query_, "exit status", abidiff_status(ending.code));
  return all_ended({query_}, QueryEnd::How::answered);
}

}  // namespace splitstrip
