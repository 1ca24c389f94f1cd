#include "consumers/llvm/dwarfdump_readers.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace splitstrip {
namespace {

constexpr std::size_t most_kinds = 10000;

// Numbers as "N": an error of one place and the same of another are one kind.
std::string without_numbers(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] < '0' || text[i] > '9') {
      result += text[i++];
      continue;
    }
    result += 'N';
    const auto end = text.find_first_not_of("0123456789abcdefABCDEFx", i);
    i = end == std::string_view::npos ? text.size() : end;
  }
  return result;
}

// "No such file" is the answer where the debug file is away, and ends with 1, as errors found do.
QueryEnd dwarfdump_end(const std::string& query, const Ending& ending) {
  if (ending.how == Ending::How::exited && ending.code <= 1)
    return {query, QueryEnd::How::answered, ""};
  return {query, QueryEnd::How::failed, describe(ending)};
}

}  // namespace

void StatisticsReader::read(std::string_view bytes, FactSink& /*facts*/) {
  if (text_.size() + bytes.size() <= LineReader::longest_line) text_ += bytes;
}

std::vector<QueryEnd> StatisticsReader::finish(const Ending& ending, FactSink& facts) {
  const auto end = dwarfdump_end(query_, ending);
  if (end.how != QueryEnd::How::answered || text_.empty()) return {end};
  const auto object = nlohmann::json::parse(text_, nullptr, false);
  if (!object.is_object())
    return {{query_, QueryEnd::How::failed,
             fmt::format("llvm-dwarfdump --statistics told no JSON object: \"{}\"",
                         text_.substr(0, 100))}};
  for (const auto& [key, value] : object.items())
    if (value.is_number() && key != "version" && !key.starts_with("#bytes in ."))
      facts.add(query_, key, value.dump());
  return {end};
}

void VerifyReader::line(std::string_view text, FactSink& /*facts*/) {
  constexpr std::string_view begins = "Verifying ";
  if (text.starts_with(begins) && text.ends_with("...")) {
    section_ = text.substr(begins.size(), text.size() - begins.size() - 3);
    errors_.try_emplace(section_, 0);
  } else if (text.starts_with("error: ") && errors_.size() < most_kinds) {
    ++errors_[section_];
    ++errors_[fmt::format("{}: {}", section_, without_numbers(text.substr(7)))];
  }
}

std::vector<QueryEnd> VerifyReader::end(const Ending& ending, FactSink& facts) {
  for (const auto& [what, count] : errors_)
    facts.add(query_, what, fmt::format("{} errors", count));
  return {dwarfdump_end(query_, ending)};
}

}  // namespace splitstrip
