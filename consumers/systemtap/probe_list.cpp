#include "consumers/systemtap/probe_list.h"

#include <fmt/format.h>

#include "consumers/systemtap/stap_errors.h"

namespace splitstrip {
namespace {

// Moves `text` past `prefix`, if it starts with it.
bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Moves `text` past the next `end` and returns what was before it.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return taken;
}

void trim(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
}

}  // namespace

std::optional<ListedProbe> parse_listed_probe(std::string_view line) {
  if (!skip(line, "process(\"") || !take_until(line, "\").")) return std::nullopt;
  const auto kind = take_until(line, "(\"");
  const auto spec = take_until(line, "\")");
  if (!kind || !spec) return std::nullopt;

  ListedProbe probe;
  probe.kind = *kind;
  // What follows the parenthesis: .call, .inline, .return, and a ? for "may be missing".
  const auto suffix = line.substr(0, line.find(' '));
  line.remove_prefix(suffix.size());
  if (suffix.find(".return") != std::string_view::npos) probe.kind = "return";

  const auto at = spec->rfind('@');
  probe.name = spec->substr(0, at);
  if (at != std::string_view::npos) probe.place = spec->substr(at + 1);

  trim(line);
  if (skip(line, "/* pc=")) {
    auto pc = take_until(line, " */");
    if (!pc) return std::nullopt;
    const auto plus = pc->rfind('+');  // "SECTION+0x..." or "0x..."
    probe.address = plus == std::string_view::npos ? *pc : pc->substr(plus + 1);
    trim(line);
  }
  probe.variables = line;
  return probe;
}

void ProbeListReader::line(std::string_view text, FactSink& facts) {
  const auto probe = parse_listed_probe(text);
  if (!probe) {
    if (garbage_.empty()) garbage_ = text.substr(0, 200);
    return;
  }
  if (probe->kind == "statement") {
    facts.add(query_, fmt::format("statement {}@{} {}", probe->name, probe->place, probe->address),
              probe->variables.empty() ? "no variables" : probe->variables);
    return;
  }
  std::string value = probe->place.empty() ? "no source line" : probe->place;
  if (!probe->variables.empty()) value += ' ' + probe->variables;
  facts.add(query_, fmt::format("{} {} {}", probe->kind, probe->name, probe->address), value);
}

std::vector<QueryEnd> ProbeListReader::end(const Ending& ending, FactSink&) {
  if (!garbage_.empty())
    return {{query_, QueryEnd::How::failed,
             fmt::format("stap listed something that is no probe: \"{}\"", garbage_)}};
  return {judge_stap(query_, ending, LastPass::analysis)};
}

}  // namespace splitstrip
