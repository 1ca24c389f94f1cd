#include "consumers/binutils/line_table_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "consumers/binutils/readelf_end.h"

namespace splitstrip {
namespace {

// Takes the last word off `text`; empty if there is none.
std::string_view last_word(std::string_view& text) {
  const auto last = text.find_last_not_of(' ');
  if (last == std::string_view::npos) {
    text = {};
    return {};
  }
  const auto before = text.find_last_of(' ', last);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  const auto word = text.substr(begin, last + 1 - begin);
  text = text.substr(0, begin);
  return word;
}

bool decimal(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

// "0x1a2b", or "0" as %#lx prints it; VLIW machines add "[2]".
bool address(std::string_view word) {
  return word.starts_with("0x") || word == "0";
}

}  // namespace

std::optional<LineRow> parse_line_row(std::string_view text) {
  LineRow row;
  auto word = last_word(text);
  if (word == "END") {
    row.end = true;
    word = last_word(text);
  }
  if (word == "x") {
    row.statement = true;
    word = last_word(text);
  }
  auto before = last_word(text);
  if (decimal(word) && address(before)) {
    row.view = word;
    word = before;
    before = last_word(text);
  }
  if (!address(word) || !(decimal(before) || before == "-")) return std::nullopt;
  row.address = word;
  row.line = before;
  const auto last = text.find_last_not_of(' ');
  if (last == std::string_view::npos) return std::nullopt;
  row.file = text.substr(0, last + 1);
  return row;
}

void LineTableReader::line(std::string_view text, FactSink& facts) {
  if (text.empty()) return;
  const auto row = parse_line_row(text);
  if (!row) {
    // "CU: ./a.c:" stands above the first rows of a unit of DWARF 4 and before.
    if (text.starts_with("CU: ")) text.remove_prefix(4);
    const auto colon = text.find_last_of(':');
    if (colon != std::string_view::npos && text.find(' ', colon) == std::string_view::npos)
      file_ = text.substr(0, colon);
    return;
  }
  // The heading names the directory, too; a row of another file stands under its own heading.
  const std::string_view file =
      std::string_view(file_).ends_with(row->file) ? std::string_view(file_) : row->file;
  facts.add(query_, fmt::format("{}{}{}", row->address, row->view.empty() ? "" : "/", row->view),
            fmt::format("{}:{}{}{}", file, row->line, row->statement ? " statement" : "",
                        row->end ? " end" : ""));
}

std::vector<QueryEnd> LineTableReader::end(const Ending& ending, FactSink& /*facts*/) {
  return {readelf_end(query_, ending)};
}

}  // namespace splitstrip
