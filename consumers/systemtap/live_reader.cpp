#include "consumers/systemtap/live_reader.h"

#include <fmt/format.h>

#include "consumers/systemtap/stap_errors.h"

namespace splitstrip {

void LiveReader::line(std::string_view text, FactSink& facts) {
  constexpr std::string_view hit = "hit ";
  if (!text.starts_with(hit) || reached_.size() >= most_functions) return;
  if (const auto [name, added] = reached_.emplace(text.substr(hit.size())); added)
    facts.add(query_, "hit " + *name, "reached");
}

namespace {

// "could not ..." out of "Error loading stap_4711: could not ...".
std::string without_module(std::string complaint) {
  const auto colon = complaint.find(": ");
  if (complaint.starts_with("Error loading ") && colon != std::string::npos)
    complaint.erase(0, colon + 2);
  return complaint;
}

}  // namespace

std::vector<QueryEnd> LiveReader::end(const Ending& ending, FactSink&) {
  using How = QueryEnd::How;
  const auto says = [&](const char* what) {
    return ending.errors_tail.find(what) != std::string::npos;
  };
  // It came to an end of its own, so what it says is an answer.
  if (ending.how == Ending::How::exited) {
    const std::string complaint = without_module(first_complaint(ending.errors_tail));
    if (says("Pass 2: analysis failed")) return {{query_, How::answered, complaint}};
    if (says("Pass 5: run completed") && !says("Pass 5: run failed"))
      return {{query_, How::answered, ""}};
    // After analysis only the kernel is left to refuse: headers, BPF, modules, rights.
    if (says("Pass 2: analyzed script:"))
      return {{query_, How::unavailable,
               fmt::format("the kernel does not let stap run here{}{}{}",
                           complaint.empty() ? "" : ": ", complaint, without_)}};
  }
  return {judge_stap(query_, ending, LastPass::translation)};
}

}  // namespace splitstrip
