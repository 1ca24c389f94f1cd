#include "consumers/valgrind/backtrace_reader.h"

#include <charconv>

#include <fmt/format.h>

#include "facts/normalise.h"

namespace splitstrip {
namespace {

// What the probe says begins so.
constexpr std::string_view own = "splitstrip: ";

// `text` without "==123== " or "**123** ", if it begins so.
std::string_view without_process(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos || space < 5) return text;
  const auto mark = text.substr(0, 2);
  return (mark == "==" || mark == "**") ? text.substr(space + 1) : text;
}

// "fn (lib.c:3)"; where the object stands for the line, only below the root with its path.
std::string normalised(std::string_view text, const std::filesystem::path& root) {
  constexpr std::string_view in = "(in ";
  const auto at = text.rfind(in);
  if (at == std::string_view::npos || !text.ends_with(')')) return std::string(text);
  const auto object = text.substr(at + in.size(), text.size() - at - in.size() - 1);
  const auto staged = replace_path(object, root.string());
  return fmt::format("{}{}{})", text.substr(0, at), in,
                     staged != object ? staged : std::filesystem::path(object).filename().string());
}

}  // namespace

BacktraceReader::BacktraceReader(std::string query, std::filesystem::path root,
                                 std::uint64_t load_base)
    : query_(std::move(query)),
      root_(std::move(root)),
      load_base_(load_base),
      end_{query_, QueryEnd::How::failed, ""} {}

void BacktraceReader::line(std::string_view text, FactSink& facts) {
  text = without_process(text);
  if (text.starts_with(own)) return said(text.substr(own.size()));
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return;
  text.remove_prefix(begin);
  if (text.starts_with("at 0x") || text.starts_with("by 0x")) frame(text.substr(5), facts);
}

void BacktraceReader::said(std::string_view text) {
  constexpr std::string_view unavailable = "unavailable: ";
  constexpr std::string_view failed = "failed: ";
  frames_ = 0;
  if (text == "end") end_.how = QueryEnd::How::answered;
  if (text.starts_with(failed)) end_.reason = text.substr(failed.size());
  if (text.starts_with(unavailable))
    end_ = {query_, QueryEnd::How::unavailable, std::string(text.substr(unavailable.size()))};
}

void BacktraceReader::frame(std::string_view text, FactSink& facts) {
  std::uint64_t address = 0;
  const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), address, 16);
  text.remove_prefix(after - text.data());
  if (error != std::errc{} || !text.starts_with(": ")) return;
  text.remove_prefix(2);
  if (frames_ != 0 && address == address_) {
    ++inlined_;
  } else {
    ++frames_;
    inlined_ = 0;
    address_ = address;
  }
  if (frames_ == 1) return;  // the probe itself
  const bool top = frames_ == 2;
  std::string key = fmt::format("{}{:#x}", top ? "top " : "", address - load_base_ + (top ? 0 : 1));
  if (inlined_ != 0) key += fmt::format(" #{}", inlined_);
  facts.add(query_, key, normalised(text, root_));
}

std::vector<QueryEnd> BacktraceReader::end(const Ending& ending, FactSink&) {
  if (end_.how == QueryEnd::How::failed && end_.reason.empty())
    end_.reason = fmt::format("stopped before the end of its backtraces ({})", describe(ending));
  return {end_};
}

}  // namespace splitstrip
