#include "report/terminal.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "report/differing.h"
#include "report/result_tables.h"
#include "report/text.h"

namespace splitstrip {
namespace {

// Values longer than this are shown around the part that differs.
constexpr std::size_t longest_value = 320;
constexpr std::size_t context_of_difference = 60;
// How many subjects with the same trouble are named.
constexpr std::size_t named_subjects = 4;

class Page {
 public:
  Page(const Result& result, const TerminalStyle& style, const TerminalLimits& limits)
      : result_(result), style_(style), limits_(limits), apart_(result) {}

  std::string render() {
    head();
    if (!result_.cells.empty()) out_ += cell_table(result_, style_);
    if (const auto table = typedata_table(result_, style_); !table.empty()) out_ += "\n" + table;
    call_sites();
    notes();
    troubles();
    differences();
    unsteady();
    counts();
    const auto verdict = printable(verdict_line(result_), !style_.utf8);
    out_ += paint(verdict, verdict_colour(), style_) + "\n";
    return std::move(out_);
  }

 private:
  std::string text(std::string_view any) const { return printable(any, !style_.utf8); }

  // Writes `text`, wrapped, each line after `indent` spaces; the first one after `lead` instead.
  void paragraph(std::string_view lead, std::size_t indent, const std::string& words,
                 Colour colour = Colour::none) {
    const auto room = style_.width > indent ? style_.width - indent : 0;
    bool first = true;
    for (const auto& line :
         style_.width > 0 ? wrap(words, room) : std::vector<std::string>{words}) {
      out_ += first ? std::string(lead) : std::string(indent, ' ');
      out_ += paint(line, colour, style_) + "\n";
      first = false;
    }
  }

  void title(std::string_view words) { out_ += "\n" + paint(words, Colour::bold, style_) + "\n"; }

  void head() {
    std::string programs;
    for (const auto& consumer : result_.consumers)
      if (consumer.available) programs += ", " + consumer.name + " " + consumer.version;
    paragraph("", 2,
              text(fmt::format("{} {} on {} {}, {}{}", result_.tool.name, result_.tool.version,
                               result_.host.distribution, result_.host.machine, result_.started,
                               programs)));
    out_ += "\n";
  }

  // Cells without a comparison, those with the same reason as one.
  void troubles() {
    struct Group {
      const CellResult* cell;
      std::vector<std::string_view> subjects;
      std::vector<std::string> labels;
    };
    std::vector<Group> groups;
    std::map<std::vector<std::string_view>, std::size_t> known;
    for (const auto& cell : result_.cells) {
      const auto group = standing(cell.outcome);
      if (group == Standing::passed || group == Standing::regressed) continue;
      if (!cell.unsteady.empty()) continue;  // shown with both answers
      const auto [at, fresh] = known.try_emplace(
          {to_string(cell.outcome), cell.consumer, cell.query, cell.reason}, groups.size());
      if (fresh) groups.push_back({&cell, {}, {}});
      const auto add = [](auto& to, const std::string& name) {
        if (std::ranges::find(to, name) == to.end()) to.push_back(name);
      };
      add(groups[at->second].subjects, cell.subject);
      add(groups[at->second].labels, apart_.label(cell));
    }
    if (groups.empty()) return;
    std::ranges::stable_sort(groups, [](const Group& left, const Group& right) {
      return standing(left.cell->outcome) == Standing::failed &&
             standing(right.cell->outcome) != Standing::failed;
    });
    title("Not answered");
    for (const auto& [cell, subjects, labels] : groups) {
      std::string who = cell->consumer + " " + cell->query;
      if (apart_.recipes || apart_.ways) who += fmt::format(" {}", fmt::join(labels, ", "));
      who += fmt::format(" ({})", subjects.size() > named_subjects
                                      ? plural(subjects.size(), "subject")
                                      : fmt::format("{}", fmt::join(subjects, ", ")));
      const auto outcome = fmt::format("{:<11}", to_string(cell->outcome));
      paragraph(paint(outcome, colour_of(cell->outcome), style_) + " ", 12,
                text(cell->reason.empty() ? who : who + ": " + cell->reason));
      // What shows it, which is known of all but those that could not even be asked.
      if (cell->outcome == Outcome::vacuous) continue;
      if (!cell->command.empty())
        paragraph(std::string(12, ' '), 12, text("command: " + command_line(cell->command)),
                  Colour::dim);
      if (!cell->output_file.empty())
        paragraph(std::string(12, ' '), 12, text("output: " + cell->output_file), Colour::dim);
    }
  }

  void difference(const Difference& one) {
    paragraph("  ", 4, text(one.key), Colour::bold);
    const bool both = one.reference && one.candidate;
    auto [reference, candidate] =
        differing_parts(text(one.reference.value_or("")), text(one.candidate.value_or("")),
                        longest_value, context_of_difference, !style_.utf8);
    const auto side = [&](const char* lead, bool there, const std::string& value, Colour colour) {
      paragraph(lead, 15, there ? value : "(none)", there && both ? colour : Colour::none);
    };
    side("    reference  ", one.reference.has_value(), reference, Colour::green);
    side("    candidate  ", one.candidate.has_value(), candidate, Colour::red);
  }

  void call_sites() {
    bool first = true;
    for (const auto& subject : result_.subjects) {
      if (!subject.call_sites) continue;
      if (first) out_ += "\n";
      first = false;
      paragraph("", 2, text(subject.name + ": " + call_sites_text(*subject.call_sites)));
    }
  }

  void notes() {
    bool first = true;
    for (const auto& subject : result_.subjects) {
      for (const auto& note : subject.notes) {
        if (std::exchange(first, false)) out_ += "\n";
        paragraph("", 2, text(note));
      }
    }
  }

  void differences() {
    std::vector<const CellResult*> regressed;
    for (const auto& cell : result_.cells)
      if (cell.outcome == Outcome::regressed) regressed.push_back(&cell);
    if (regressed.empty()) return;
    title("Differences");
    std::size_t shown = 0;
    for (const auto* cell : regressed) {
      if (shown++ == limits_.cells_with_differences) {
        const auto left = regressed.size() - limits_.cells_with_differences;
        out_ +=
            fmt::format("and {} more with differences: see result.json\n", plural(left, "cell"));
        break;
      }
      std::string who = cell->subject + " ";
      if (apart_.recipes || apart_.ways) who += apart_.label(*cell) + " ";
      paragraph("", 2,
                text(fmt::format("{}{} {}: {}", who, cell->consumer, cell->query, changes(*cell))),
                Colour::red);
      const auto count = std::min(cell->differences.size(), limits_.differences_per_cell);
      for (std::size_t i = 0; i < count; ++i) difference(cell->differences[i]);
      const auto all = cell->changed + cell->lost + cell->gained;
      const auto facts =
          cell->facts_file.empty() ? std::string() : ", all facts in " + cell->facts_file;
      if (all > count)
        paragraph("  ", 4, text(fmt::format("and {} more{}", grouped(all - count), facts)));
      if (!cell->command.empty())
        paragraph("  ", 4, text("command: " + command_line(cell->command)), Colour::dim);
    }
  }

  // Cells of which something was told otherwise when it was asked again.
  void unsteady() {
    std::vector<const CellResult*> cells;
    for (const auto& cell : result_.cells)
      if (!cell.unsteady.empty()) cells.push_back(&cell);
    if (cells.empty()) return;
    title("Answered otherwise when asked again");
    std::size_t shown = 0;
    for (const auto* cell : cells) {
      if (shown++ == limits_.cells_with_differences) {
        out_ += fmt::format("and {} more: see result.json\n",
                            plural(cells.size() - limits_.cells_with_differences, "cell"));
        break;
      }
      std::string who = cell->subject + " ";
      if (apart_.recipes || apart_.ways) who += apart_.label(*cell) + " ";
      paragraph("", 2,
                text(fmt::format("{}{} {}: {}: {}", who, cell->consumer, cell->query,
                                 to_string(cell->outcome), cell->reason)),
                colour_of(cell->outcome));
      const auto count = std::min(cell->unsteady.size(), limits_.differences_per_cell);
      for (std::size_t i = 0; i < count; ++i) both_answers(cell->unsteady[i]);
      if (!cell->command.empty())
        paragraph("  ", 4, text("command: " + command_line(cell->command)), Colour::dim);
    }
  }

  void both_answers(const UnsteadyFact& fact) {
    paragraph("  ", 4, text(fmt::format("{} (the {})", fact.key, fact.side)), Colour::bold);
    auto [first, second] =
        differing_parts(text(fact.first.value_or("")), text(fact.second.value_or("")),
                        longest_value, context_of_difference, !style_.utf8);
    paragraph("    first   ", 12, fact.first ? first : "(none)");
    paragraph("    second  ", 12, fact.second ? second : "(none)");
  }

  void counts() {
    double consumers = 0;
    for (const auto& consumer : result_.consumers) consumers += consumer.cpu_seconds;
    std::string words;
    for (const auto outcome : all_outcomes) {
      const auto count = result_.summary.counts.of(outcome);
      if (count > 0)
        words +=
            fmt::format("{}{} {}", words.empty() ? "" : ", ", grouped(count), to_string(outcome));
    }
    out_ += "\n";
    paragraph("", 2,
              fmt::format("{} in {} (CPU: consumers {}, harness {}): {}",
                          plural(result_.cells.size(), "cell"), duration(result_.seconds),
                          duration(consumers), duration(result_.cpu_seconds),
                          words.empty() ? "none" : words));
    const auto reused = std::ranges::count_if(
        result_.cells, [](const CellResult& cell) { return !cell.reused.empty(); });
    if (reused > 0)
      paragraph("", 2,
                fmt::format("{} with answers of an earlier check; --no-cache asks all anew",
                            plural(static_cast<std::uint64_t>(reused), "cell")),
                Colour::dim);
  }

  Colour verdict_colour() const {
    switch (result_.summary.verdict) {
      case Verdict::same:
        return Colour::green;
      case Verdict::regressed:
      case Verdict::missing:
        return Colour::red;
      case Verdict::failed:
        return Colour::magenta;
      case Verdict::vacuous:
        break;
    }
    return Colour::yellow;
  }

  const Result& result_;
  const TerminalStyle& style_;
  const TerminalLimits& limits_;
  ToldApart apart_;
  std::string out_;
};

}  // namespace

std::string to_terminal(const Result& result, const TerminalStyle& style,
                        const TerminalLimits& limits) {
  return Page(result, style, limits).render();
}

}  // namespace splitstrip
