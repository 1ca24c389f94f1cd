#include "consumers/bpftrace/listing_reader.h"

#include <fmt/format.h>

namespace splitstrip {

void ListingReader::line(std::string_view text, FactSink& facts) {
  if (text.empty()) return;
  if (text.starts_with(prefix_)) {
    function_ends(facts);
    function_ = text.substr(prefix_.size());
  } else if (text.starts_with("    ") && !function_.empty()) {
    if (arguments_.size() < longest_line)
      arguments_ += fmt::format("{}{}", arguments_.empty() ? "" : ", ", text.substr(4));
  } else if (garbage_.empty()) {
    garbage_ = text.substr(0, 200);
  }
}

void ListingReader::function_ends(FactSink& facts) {
  if (!function_.empty()) facts.add(query_, function_, fmt::format("({})", arguments_));
  function_.clear();
  arguments_.clear();
}

std::vector<QueryEnd> ListingReader::end(const Ending& ending, FactSink& facts) {
  function_ends(facts);
  if (ending.how != Ending::How::exited) return {{query_, QueryEnd::How::failed, describe(ending)}};
  // Listing reads files only, but bpftrace asks for root before it does anything.
  if (ending.errors_tail.find("as the root user") != std::string::npos ||
      ending.errors_tail.find("unshare: ") != std::string::npos)
    return {
        {query_, QueryEnd::How::unavailable,
         "bpftrace lists for root only; run as root, or allow user namespaces to ordinary users"}};
  if (!garbage_.empty())
    return {{query_, QueryEnd::How::failed,
             fmt::format("bpftrace printed something else: \"{}\"", garbage_)}};
  if (ending.code > 1) return {{query_, QueryEnd::How::failed, describe(ending)}};
  return {{query_, QueryEnd::How::answered, ""}};
}

}  // namespace splitstrip
