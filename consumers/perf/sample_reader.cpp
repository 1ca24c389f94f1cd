#include "consumers/perf/sample_reader.h"

#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "facts/normalise.h"

namespace splitstrip {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

}  // namespace

void SampleReader::line(std::string_view text, FactSink& facts) {
  const bool frame = text.starts_with('\t');
  text = trimmed(text);
  if (text.empty()) {
    sample_ends(facts);
    return;
  }
  if (frame) {
    std::uint64_t address = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, address, 16);
    if (error != std::errc{}) return;
    // perf prints the address within the file; older ones that of the process.
    const auto relative = hex(address);
    if (address_.empty()) address_ = relative;
    foreign_ = address_ != relative;
    text = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
    if (const auto dso = fmt::format("({})", library_); text.ends_with(dso))
      text = trimmed(text.substr(0, text.size() - dso.size()));
    frame_ = text == "[unknown]" ? "" : text;
    if (!foreign_ && !frame_.empty())
      chain_ += fmt::format("{}{}", chain_.empty() ? "" : " < ", frame_);
    return;
  }
  // The line of the frame before: "lib.c:37", "lib.c:37 (inlined)", "libthreads.so[1219]".
  if (address_.empty() || foreign_) return;
  if (text.ends_with(" (inlined)")) {
    text = trimmed(text.substr(0, text.size() - 10));
    // Of an inlined function its distance from the caller's beginning, which says nothing.
    if (const auto plus = chain_.rfind("+0x"); plus != std::string::npos) chain_.resize(plus);
  }
  if (!text.ends_with(']') && !text.starts_with("??"))
    chain_ += fmt::format("{}at {}", chain_.empty() ? "" : " ", text);
}

void SampleReader::sample_ends(FactSink& facts) {
  if (address_.empty()) return;
  ++answered_;
  if (!chain_.empty()) facts.add(query_, address_, chain_);
  address_.clear();
  chain_.clear();
  frame_.clear();
  foreign_ = false;
}

std::vector<QueryEnd> SampleReader::end(const Ending& ending, FactSink& facts) {
  sample_ends(facts);
  if (ending.how != Ending::How::exited || ending.code != 0)
    return {{query_, QueryEnd::How::failed, describe(ending)}};
  if (answered_ != samples_)
    return {{query_, QueryEnd::How::failed,
             fmt::format("perf script told of {} of {} samples", answered_, samples_)}};
  return {{query_, QueryEnd::How::answered, ""}};
}

}  // namespace splitstrip
