#include "consumers/pahole/dwarves_reader.h"

#include <fmt/format.h>

namespace splitstrip {
namespace {

// More of one type or function than that is cut: no person reads it, and it must not fill the
// memory.
constexpr std::size_t longest_body = std::size_t{1} << 20;

void append_single_spaced(std::string& out, std::string_view text) {
  while (true) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return;
    text.remove_prefix(begin);
    const auto word = text.substr(0, text.find_first_of(" \t"));
    if (!out.empty()) out += ' ';
    out += word;
    text.remove_prefix(word.size());
  }
}

// "lib.c:12" out of "/* <26> lib.c:12 */"; empty if `text` is something else.
std::string_view place_in(std::string_view text) {
  if (!text.starts_with("/* <") || !text.ends_with(" */")) return {};
  const auto digits = text.find_first_not_of("0123456789abcdef", 4);
  if (digits == std::string_view::npos || digits == 4 || !text.substr(digits).starts_with("> "))
    return {};
  return text.substr(digits + 2, text.size() - digits - 5);
}

// "int x; /* scope: optimized */   // 72" without the line number, which pfunct leaves unset for
// variables that DWARF gives no line: what it prints then is another number on every run.
std::string_view without_line(std::string_view text) {
  const auto last = text.find_last_not_of("0123456789 \t");
  if (last == std::string_view::npos || last + 1 == text.size()) return text;
  const auto before = text.substr(0, last + 1);
  return before.ends_with("//") ? before.substr(0, before.size() - 2) : text;
}

}  // namespace

void DwarvesReader::line(std::string_view text, FactSink& facts) {
  if (text.starts_with("/* Used at: ")) return;
  if (const auto place = place_in(text); !place.empty()) {
    record_ends(facts);
    place_ = place.starts_with("(null):") ? "(null)" : place;
    return;
  }
  constexpr std::string_view function = "function: ";
  if (text.starts_with(function)) {
    record_ends(facts);
    several_ = true;
    place_ = "several:";
    head_ = text.substr(function.size());
    return;
  }
  if (text.find_first_not_of(" \t") == std::string_view::npos) {
    if (several_) record_ends(facts);
    return;
  }
  text = without_line(text);
  if (place_.empty()) {
    if (garbage_.empty()) garbage_ = text.substr(0, 200);
  } else if (head_.empty()) {
    append_single_spaced(head_, text);
  } else if (body_.size() < longest_body) {
    append_single_spaced(body_, text);
  }
}

void DwarvesReader::record_ends(FactSink& facts) {
  if (head_.ends_with(" {")) head_.resize(head_.size() - 2);
  if (!head_.empty()) facts.add(query_, fmt::format("{} {}", place_, head_), body_);
  place_.clear();
  head_.clear();
  body_.clear();
  several_ = false;
}

std::vector<QueryEnd> DwarvesReader::end(const Ending& ending, FactSink& facts) {
  record_ends(facts);
  // 1 is how it ends where there is no DWARF, which is an answer.
  if (ending.how != Ending::How::exited || ending.code > 1)
    return {{query_, QueryEnd::How::failed, describe(ending)}};
  if (!garbage_.empty())
    return {{query_, QueryEnd::How::failed,
             fmt::format("{} printed something else: \"{}\"", program_, garbage_)}};
  return {{query_, QueryEnd::How::answered, ""}};
}

}  // namespace splitstrip
