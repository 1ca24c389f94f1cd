#include "report/table.h"

#include <algorithm>

#include "report/text.h"

namespace splitstrip {
namespace {

constexpr std::size_t gap = 2;
// Less than this is too narrow to wrap a text in.
constexpr std::size_t narrowest_text = 20;

void end_line(std::string& line, std::string& out) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
  line.clear();
}

}  // namespace

std::string layout_table(const std::vector<TableColumn>& columns_,
                         const std::vector<std::vector<TableField>>& rows,
                         const TerminalStyle& style) {
  std::vector<std::size_t> widths;
  for (const auto& column : columns_) widths.push_back(columns(column.title));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns(row[i].text));

  std::size_t last_start = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) last_start += widths[i] + gap;
  std::size_t last_width = widths.back();
  const std::size_t room = style.width > last_start ? style.width - last_start : 0;
  // Too narrow: the last column stands below the others, under the second one.
  const bool below = style.width > 0 && room < std::min(last_width, narrowest_text);
  if (below) {
    last_start = std::min(widths.front() + gap + 2, style.width / 2);
    last_width = style.width - last_start;
  } else if (style.width > 0) {
    last_width = std::min(last_width, room);
  }
  const std::size_t beside = below ? columns_.size() - 1 : columns_.size();

  std::string out;
  std::string line;
  const auto put = [&](const std::string& text, std::size_t column, Colour colour) {
    const std::size_t pad = widths[column] - std::min(widths[column], columns(text));
    if (columns_[column].right) line.append(pad, ' ');
    line += paint(text, colour, style);
    if (!columns_[column].right) line.append(pad, ' ');
    line.append(gap, ' ');
  };

  for (std::size_t i = 0; i < beside; ++i) put(columns_[i].title, i, Colour::bold);
  end_line(line, out);
  const std::string stroke = style.utf8 ? "─" : "-";
  for (std::size_t i = 0; i < beside; ++i) {
    const bool last = i + 1 == columns_.size();
    for (std::size_t n = 0; n < (last ? last_width : widths[i]); ++n) line += stroke;
    line.append(gap, ' ');
  }
  end_line(line, out);

  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) put(row[i].text, i, row[i].colour);
    const auto& last = row.back();
    if (below) {
      end_line(line, out);
      if (last.text.empty()) continue;
    }
    bool first = !below;
    for (const auto& piece :
         style.width > 0 ? wrap(last.text, last_width) : std::vector<std::string>{last.text}) {
      if (!first) line.append(last_start, ' ');
      line += paint(piece, last.colour, style);
      end_line(line, out);
      first = false;
    }
  }
  return out;
}

}  // namespace splitstrip
