#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/result_tables.h"
#include "report/terminal.h"
#include "report/text.h"

namespace splitstrip {
namespace {

// How many cells the line names before it only counts them.
constexpr std::size_t named_cells = 3;

struct Picked {
  std::uint64_t cells = 0;
  std::uint64_t evidence = 0;
  std::uint64_t changed = 0;
  std::uint64_t lost = 0;
  std::uint64_t gained = 0;
  std::string names;
};

template <typename Pick>
Picked pick(const Result& result, Pick matches, bool with_outcome) {
  const ToldApart apart(result);
  Picked picked;
  for (const auto& cell : result.cells) {
    if (!matches(cell)) continue;
    picked.evidence += cell.evidence;
    picked.changed += cell.changed;
    picked.lost += cell.lost;
    picked.gained += cell.gained;
    if (picked.cells++ >= named_cells) continue;
    if (!picked.names.empty()) picked.names += ", ";
    picked.names += printable(cell.subject) + " ";
    if (apart.recipes || apart.ways) picked.names += apart.label(cell) + " ";
    picked.names += cell.consumer + " " + cell.query;
    if (with_outcome) picked.names += fmt::format(": {}", to_string(cell.outcome));
  }
  if (picked.cells > named_cells)
    picked.names += fmt::format(", and {} more", grouped(picked.cells - named_cells));
  return picked;
}

auto in(Standing group) {
  return [group](const CellResult& cell) { return standing(cell.outcome) == group; };
}

bool is_unstable(const CellResult& cell) {
  return cell.outcome == Outcome::unstable;
}

std::string unstable(const Result& result) {
  const auto cells = pick(result, is_unstable, false);
  return cells.cells == 0 ? ""
                          : fmt::format("; {} unstable ({})", grouped(cells.cells), cells.names);
}

std::string unproven(const Result& result) {
  const auto& counts = result.summary.counts;
  const auto silent = counts.of(Standing::unproven) - counts.of(Outcome::unstable);
  return (silent == 0 ? "" : fmt::format("; {} proved nothing", plural(silent, "cell"))) +
         unstable(result);
}

bool is_required(const Result& result, const CellResult& cell) {
  return std::ranges::count(result.summary.required, cell.consumer) > 0;
}

std::string same(const Result& result) {
  const auto passed = pick(result, in(Standing::passed), false);
  return fmt::format("{}, {} of evidence, nothing changed or lost{}{}",
                     plural(passed.cells, "cell"), plural(passed.evidence, "fact"),
                     passed.gained > 0 ? fmt::format(", {} gained", grouped(passed.gained)) : "",
                     unproven(result));
}

std::string missing(const Result& result) {
  const auto& required = result.summary.required;
  const auto silent = pick(
      result,
      [&](const CellResult& cell) {
        return standing(cell.outcome) == Standing::unproven && is_required(result, cell);
      },
      true);
  std::string text = fmt::format("required: {}", fmt::join(required, ", "));
  if (silent.cells > 0)
    text += fmt::format("; {} proved nothing ({})", plural(silent.cells, "cell"), silent.names);
  for (const auto& name : required)
    if (std::ranges::count(result.cells, name, &CellResult::consumer) == 0)
      text += fmt::format("; {} was not asked anything", name);
  return text;
}

std::string verdict_of_cells(const Result& result) {
  const auto& counts = result.summary.counts;
  switch (result.summary.verdict) {
    case Verdict::same:
      return "same: " + same(result);
    case Verdict::regressed: {
      const auto bad = pick(result, in(Standing::regressed), false);
      return fmt::format("REGRESSED: {} of {}: {} changed, {} lost ({})", grouped(bad.cells),
                         plural(counts.total(), "cell"), plural(bad.changed, "fact"),
                         grouped(bad.lost), bad.names);
    }
    case Verdict::failed: {
      if (counts.total() == 0) return "FAILED: there was nothing to ask";
      const auto failed = [&](const CellResult& cell) {
        return standing(cell.outcome) == Standing::failed ||
               (is_unstable(cell) && is_required(result, cell));
      };
      const auto bad = pick(result, failed, true);
      const auto rest = counts.of(Standing::passed) > 0 ? "; the others: " + same(result)
                                                        : "; nothing else was proven";
      return fmt::format("FAILED: {} of {} ({}){}", grouped(bad.cells),
                         plural(counts.total(), "cell"), bad.names, rest);
    }
    case Verdict::missing:
      return "MISSING: " + missing(result);
    case Verdict::vacuous:
      break;
  }
  return fmt::format("VACUOUS: {}, none of which could have failed{}",
                     plural(counts.total(), "cell"), unstable(result));
}

}  // namespace

std::string verdict_line(const Result& result) {
  std::string line = verdict_of_cells(result);
  if (const auto& left_out = result.summary.left_out; !left_out.empty())
    line += fmt::format("; without {}", fmt::join(left_out, ", "));
  return line;
}

}  // namespace splitstrip
