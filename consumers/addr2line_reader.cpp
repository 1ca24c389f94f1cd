#include "consumers/addr2line_reader.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "facts/normalise.h"

namespace splitstrip {
namespace {

// Inlining is never that deep; more lines than that are not one address's answer.
constexpr std::size_t most_lines = 2000;

// "0x" and 8 or 16 digits and nothing else, as -a prints it.
std::optional<std::uint64_t> address_in(std::string_view line) {
  if (!line.starts_with("0x") || (line.size() != 10 && line.size() != 18)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(line.data() + 2, line.data() + line.size(), value, 16);
  if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
  return value;
}

bool known_name(std::string_view name) {
  return name != "??" && !name.starts_with("()");
}

bool known_line(std::string_view line) {
  return !line.starts_with("??:");
}

}  // namespace

void Addr2lineReader::line(std::string_view text, FactSink& facts) {
  if (const auto address = address_in(text)) {
    record_ends(facts);
    address_ = hex(*address);
    return;
  }
  if (!address_.empty() && record_.size() < most_lines)
    record_.emplace_back(text);
  else if (garbage_.empty())
    garbage_ = text.substr(0, 200);
}

void Addr2lineReader::record_ends(FactSink& facts) {
  if (address_.empty()) return;
  const auto& lines = record_;
  const bool whole =
      asked_ == Asked::symbols ? lines.size() == 2 : lines.size() >= 2 && lines.size() % 2 == 0;
  if (!whole) {
    if (garbage_.empty()) garbage_ = fmt::format("{} lines for address {}", lines.size(), address_);
  } else {
    ++answered_;
    if (known_name(lines[0]))
      facts.add(query_, address_ + (asked_ == Asked::symbols ? " symbol" : " function"), lines[0]);
    if (known_line(lines[1])) facts.add(query_, address_ + " line", lines[1]);
    std::string callers;
    for (std::size_t i = 2; i < lines.size(); i += 2)
      callers += fmt::format("{}{} at {}", i > 2 ? " < " : "", lines[i], lines[i + 1]);
    if (!callers.empty()) facts.add(query_, address_ + " inlined", callers);
  }
  address_.clear();
  record_.clear();
}

std::vector<QueryEnd> Addr2lineReader::end(const Ending& ending, FactSink& facts) {
  record_ends(facts);
  QueryEnd end{query_, QueryEnd::How::answered, ""};
  if (ending.how != Ending::How::exited)
    end = {query_, QueryEnd::How::failed, describe(ending)};
  else if (!garbage_.empty())
    end = {query_, QueryEnd::How::failed,
           fmt::format("{} answered with something else: \"{}\"", program_, garbage_)};
  else if (answered_ != addresses_)
    end = {query_, QueryEnd::How::failed,
           fmt::format("{} answered for {} of {} addresses ({})", program_, answered_, addresses_,
                       describe(ending))};
  return {end};
}

}  // namespace splitstrip
