#include "report/result_tables.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "report/table.h"
#include "report/text.h"

namespace splitstrip {
namespace {

struct Row {
  std::optional<Outcome> proven;  // the worst of the cells that were not unproven
  std::optional<Outcome> silent;  // the worst of those that were
  std::uint64_t cells = 0;
  std::uint64_t passed = 0;
  std::uint64_t facts = 0;
  std::uint64_t evidence = 0;
  std::uint64_t differences = 0;
  std::vector<std::pair<std::string, std::string>> notes;  // what to note, and of which queries

  void add(const CellResult& cell) {
    const auto group = standing(cell.outcome);
    auto& slot = group == Standing::unproven ? silent : proven;
    slot = slot ? worse(*slot, cell.outcome) : cell.outcome;
    ++cells;
    if (group == Standing::passed) ++passed;
    facts += cell.facts;
    evidence += cell.evidence;
    differences += cell.changed + cell.lost;
    if (cell.outcome == Outcome::same) return;
    const bool differs = cell.outcome == Outcome::regressed || cell.outcome == Outcome::gained;
    auto what = differs ? changes(cell) : std::string(to_string(cell.outcome));
    if (!notes.empty() && notes.back().first == what)
      notes.back().second += ", " + cell.query;
    else
      notes.emplace_back(std::move(what), cell.query);
  }

  std::string all_notes() const {
    std::string text;
    for (const auto& [what, which] : notes)
      text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", which, what);
    return text;
  }
};

bool same_row(const CellResult& left, const CellResult& right) {
  return left.subject == right.subject && left.recipe == right.recipe &&
         left.found_by == right.found_by && left.consumer == right.consumer;
}

}  // namespace

std::string changes(const CellResult& cell) {
  std::string words;
  const auto add = [&](std::uint64_t number, std::string_view what) {
    if (number > 0)
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", grouped(number), what);
  };
  add(cell.changed, "changed");
  add(cell.lost, "lost");
  add(cell.gained, "gained");
  return words;
}

ToldApart::ToldApart(const Result& result) {
  for (const auto& cell : result.cells) {
    recipes |= cell.recipe != result.cells.front().recipe;
    ways |= cell.found_by != CellResult{}.found_by;
  }
}

std::string ToldApart::label(const CellResult& cell) const {
  return fmt::format("{}{}{}", recipes ? cell.recipe : "", recipes && ways ? " " : "",
                     ways ? cell.found_by : "");
}

std::string cell_table(const Result& result, const TerminalStyle& style) {
  const auto text = [&](std::string_view any) { return printable(any, !style.utf8); };
  const ToldApart apart(result);
  std::vector<TableColumn> columns = {{"subject"}};
  if (apart.recipes) columns.push_back({"recipe"});
  if (apart.ways) columns.push_back({"found by"});
  columns.insert(columns.end(), {{"consumer"},
                                 {"queries", true},
                                 {"facts", true},
                                 {"evidence", true},
                                 {"differ", true},
                                 {"outcome"},
                                 {"notes"}});
  std::vector<std::vector<TableField>> rows;
  const CellResult* before = nullptr;
  for (std::size_t at = 0; at < result.cells.size();) {
    const auto& first = result.cells[at];
    Row row;
    for (; at < result.cells.size() && same_row(first, result.cells[at]); ++at)
      row.add(result.cells[at]);
    const bool new_subject = before == nullptr || before->subject != first.subject;
    const bool new_recipe = new_subject || before->recipe != first.recipe;
    const bool new_way = new_recipe || before->found_by != first.found_by;
    before = &first;
    const auto outcome = row.proven ? *row.proven : *row.silent;
    auto& fields = rows.emplace_back();
    fields.push_back({new_subject ? text(first.subject) : ""});
    if (apart.recipes) fields.push_back({new_recipe ? text(first.recipe) : ""});
    if (apart.ways) fields.push_back({new_way ? text(first.found_by) : ""});
    fields.push_back({text(first.consumer)});
    fields.push_back({fmt::format("{}/{}", row.passed, row.cells)});
    fields.push_back({grouped(row.facts)});
    fields.push_back({grouped(row.evidence)});
    fields.push_back({grouped(row.differences), row.differences > 0 ? Colour::red : Colour::none});
    fields.push_back({outcome == Outcome::regressed ? "REGRESSED" : std::string(to_string(outcome)),
                      colour_of(outcome)});
    fields.push_back({text(row.all_notes())});
  }
  return layout_table(columns, rows, style);
}

std::string typedata_table(const Result& result, const TerminalStyle& style) {
  std::vector<std::vector<TableField>> rows;
  for (const auto& subject : result.subjects) {
    if (!subject.typedata) continue;
    const auto& info = *subject.typedata;
    const double share = subject.main_bytes > 0 ? 100.0 * static_cast<double>(info.bytes) /
                                                      static_cast<double>(subject.main_bytes)
                                                : 0;
    rows.push_back({{printable(subject.name, !style.utf8)},
                    {file_size(subject.main_bytes)},
                    {file_size(subject.debug_bytes)},
                    {file_size(info.bytes)},
                    {fmt::format("{:.1f} %", share)},
                    {fmt::format("{} of {}", grouped(info.typed), grouped(info.exported))}});
  }
  if (rows.empty()) return {};
  return layout_table({{"subject"},
                       {"main", true},
                       {"debug", true},
                       {"typedata", true},
                       {"of main", true},
                       {"exports typed"}},
                      rows, style);
}

std::string call_sites_text(const CallSitesInfo& sites) {
  std::string text =
      fmt::format("{} of {} calls in a backtrace", grouped(sites.covered), grouped(sites.calls));
  std::uint64_t outermost = 0;
  std::string reasons;
  for (const auto& [reason, count] : sites.outermost) {
    outermost += count;
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : ", ", reason, grouped(count));
  }
  if (outermost > 0)
    text +=
        fmt::format(", {} of them only as the outermost frame ({})", grouped(outermost), reasons);
  return text + fmt::format("; {} of {} addresses where a line or location changes",
                            grouped(sites.tops), grouped(sites.changes));
}

}  // namespace splitstrip
