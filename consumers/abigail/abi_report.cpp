#include "consumers/abigail/abi_report.h"

#include <cctype>

#include <fmt/format.h>

namespace splitstrip {
namespace {

// Bits of abidiff's exit status.
constexpr int error_bit = 1;
constexpr int usage_bit = 2;
constexpr int change_bit = 4;
constexpr int incompatible_bit = 8;

std::size_t indent_of(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? text.size() : first;
}

// "3 functions with some change:" is "functions with some change", in the singular whatever the
// number, since "1 function with some change:" titles the same section.
std::string section_title(std::string_view line) {
  auto start = line.find_first_not_of("0123456789");
  if (start == 0 || start == std::string_view::npos || line[start] != ' ') return {};
  line.remove_prefix(start + 1);
  if (!line.ends_with(':')) return {};
  line.remove_suffix(1);
  return std::string(line);
}

}  // namespace

void AbiReportReader::end_block(FactSink& facts) {
  if (key_.empty()) return;
  if (block_bytes_ > block_.size()) block_ += fmt::format(" ... ({} bytes)", block_bytes_);
  facts.add(query_, key_, block_);
  any_ = true;
  key_.clear();
  block_.clear();
  block_bytes_ = 0;
}

void AbiReportReader::line(std::string_view text, FactSink& facts) {
  const auto indent = indent_of(text);
  const auto words = text.substr(indent);
  if (words.empty()) return;
  if (!key_.empty() && indent > block_indent_) {
    const auto line = "\n" + std::string(text.substr(block_indent_));
    block_bytes_ += line.size();
    if (block_.size() + line.size() <= longest_block) block_ += line;
    return;
  }
  end_block(facts);
  if (words.starts_with("[") && words.size() > 3 && words[2] == ']') {
    // "[C] 'function int area(...)' at ...": keyed by what stands in the quotes.
    const auto open = words.find('\'');
    const auto close = open == std::string_view::npos ? open : words.find('\'', open + 1);
    block_indent_ = indent;
    block_ = section_.empty() ? "" : section_ + ": ";
    if (close != std::string_view::npos) {
      key_ = fmt::format("{} {}", words.substr(0, 3), words.substr(open + 1, close - open - 1));
      block_ += words;
    } else {
      key_ = words;
    }
    block_bytes_ = block_.size();
  } else if (auto title = section_title(words); indent == 0 && !title.empty()) {
    section_ = std::move(title);
  } else if (const auto colon = words.find(": "); indent == 0 && colon != std::string_view::npos &&
                                                  words.substr(0, colon).ends_with("summary")) {
    facts.add(query_, words.substr(0, colon), words.substr(colon + 2));
    any_ = true;
  } else {
    // "SONAME changed from ...", "'struct point at a.c:3:1' changed:" and the like.
    key_ = words;
    block_indent_ = indent;
  }
}

std::vector<QueryEnd> AbiReportReader::end(const Ending& ending, FactSink& facts) {
  end_block(facts);
  if (auto failure = abidiff_failure(ending); !failure.empty())
    return all_ended({query_}, QueryEnd::How::failed, std::move(failure));
  if (any_) facts.add(query_, "exit status", abidiff_status(ending.code));
  return all_ended({query_}, QueryEnd::How::answered);
}

std::string abidiff_status(int code) {
  switch (code) {
    case 0:
      return "0: no change";
    case change_bit:
      return fmt::format("{}: changes", code);
    case change_bit | incompatible_bit:
      return fmt::format("{}: changes, some incompatible", code);
    default:
      return {};
  }
}

std::string abidiff_failure(const Ending& ending) {
  if (ending.how == Ending::How::exited && !abidiff_status(ending.code).empty()) return {};
  std::string why = fmt::format("abidiff: {}", describe(ending));
  if (ending.how == Ending::How::exited && (ending.code & usage_bit) != 0)
    why += " (usage)";
  else if (ending.how == Ending::How::exited && (ending.code & error_bit) != 0)
    why += " (error)";
  return why + last_words(ending);
}

std::string last_words(const Ending& ending) {
  std::string_view said = ending.errors_tail;
  said = said.substr(0, said.find_last_not_of(" \n") + 1);
  if (said.empty()) return {};
  constexpr std::size_t longest = 300;
  return ": " + std::string(said.substr(said.rfind('\n') + 1).substr(0, longest));
}

}  // namespace splitstrip
