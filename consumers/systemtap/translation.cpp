#include "consumers/systemtap/translation.h"

#include <optional>

#include <fmt/format.h>

#include "consumers/systemtap/bit_fields.h"
#include "consumers/systemtap/probe_list.h"
#include "consumers/systemtap/stap_errors.h"
#include "facts/normalise.h"

namespace splitstrip {
namespace {

// What stands in `text` between `before` and the next `after`.
std::optional<std::string_view> between(std::string_view text, std::string_view before,
                                        std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + before.size());
  const auto end = text.find(after);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(0, end);
}

// The first string literal of C in `text`, without its quotes and backslashes.
std::optional<std::string> first_literal(std::string_view text) {
  const auto quote = text.find('"');
  if (quote == std::string_view::npos) return std::nullopt;
  std::string literal;
  for (std::size_t i = quote + 1; i < text.size(); ++i) {
    if (text[i] == '"') return literal;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    literal += text[i];
  }
  return std::nullopt;
}

}  // namespace

void TranslationReader::line(std::string_view text, FactSink& facts) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return;
  text.remove_prefix(begin);

  if (text.starts_with("STAP_PROBE_INIT(")) {
    const auto index = between(text, "(", ",");
    const auto literal = first_literal(text);
    const auto probe = literal ? parse_listed_probe(*literal) : std::nullopt;
    if (index && probe && probes_.size() < most_entries)
      probes_.emplace(*index, fmt::format("{} {}{}{}", probe->kind, probe->name,
                                          probe->place.empty() ? "" : "@", probe->place));
    return;
  }
  if (const auto offset = between(text, ".offset=(loff_t)", "ULL")) {
    const auto index = between(text, "&stap_probes[", "]");
    const auto probe = index ? probes_.find(*index) : probes_.end();
    if (probe != probes_.end()) facts.add(query_, fmt::format("probe {}", probe->second), *offset);
    return;
  }
  const bool reads = text.find("uderef(") != std::string_view::npos ||
                     text.find("u_fetch_register(") != std::string_view::npos;
  const auto assigned = text.find(" = ");
  if (!reads || !text.starts_with("l->") || assigned == std::string_view::npos) return;
  text.remove_prefix(assigned + 3);
  if (text.ends_with(';')) text.remove_suffix(1);
  if (reads_.size() < most_entries)
    reads_.insert(replace_path(without_bit_field_addresses(text), root_.string()));
}

std::vector<QueryEnd> TranslationReader::end(const Ending& ending, FactSink& facts) {
  for (const auto& expression : reads_) facts.add(query_, "read " + expression, "in the module");
  return {judge_stap(query_, ending, LastPass::translation)};
}

}  // namespace splitstrip
