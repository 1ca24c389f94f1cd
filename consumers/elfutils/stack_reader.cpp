#include "consumers/elfutils/stack_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "facts/normalise.h"

namespace splitstrip {
namespace {

// Bounds what a program that prints without end can make us keep.
constexpr std::size_t most_frames = 200000;

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

// Of "0x" and hex digits; 0 if it is nothing of the kind.
std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  if (text.starts_with("0x"))
    std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
  return value;
}

bool all_hex(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isxdigit(c) != 0; });
}

}  // namespace

void StackReader::line(std::string_view text, FactSink&) {
  const auto indent = text.find_first_not_of(' ');
  if (indent == std::string_view::npos || text.starts_with("PID ")) return;
  if (text.starts_with("TID ")) {
    threads_.emplace_back();
  } else if (text.starts_with('#')) {
    frame(text);
  } else if (indent > 0 && !threads_.empty() && !threads_.back().empty()) {
    Frame& last = threads_.back().back();
    const auto detail = text.substr(indent);
    // "[BUILD-ID]@0xLOADED+0xOFFSET", or the place in the source.
    const auto plus = detail.rfind('+');
    if (detail.starts_with('[') && detail.find("]@0x") != std::string_view::npos &&
        plus != std::string_view::npos) {
      last.offset = detail.substr(plus + 1);
      const auto at = detail.rfind("]@") + 2;
      last.loaded = detail.substr(at, plus - at);
    } else
      last.line = detail;
  } else if (garbage_.empty()) {
    garbage_ = text.substr(0, 200);
  }
}

void StackReader::frame(std::string_view text) {
  const auto start = text.find("0x");
  const auto end = std::min(text.find(' ', start), text.size());
  if (threads_.empty() || start == std::string_view::npos || ++frames_ > most_frames ||
      !all_hex(text.substr(start + 2, end - start - 2))) {
    if (garbage_.empty()) garbage_ = text.substr(0, 200);
    return;
  }
  Frame frame;
  frame.address = text.substr(start, end - start);
  auto rest = text.substr(end);
  // " NAME - MODULE", each of which may be missing; a C++ name may hold blanks and minus signs.
  if (const auto dash = rest.rfind(" - "); dash != std::string_view::npos) {
    const auto module = std::filesystem::path(rest.substr(dash + 3)).filename().string();
    if (module == library_ || module == driver_) frame.module = module;
    rest = rest.substr(0, dash);
  }
  if (!rest.empty()) frame.name = rest.substr(1);
  threads_.back().push_back(std::move(frame));
}

std::vector<StackReader::Group> StackReader::groups_of(const Thread& thread) const {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < thread.size();) {
    std::string functions, lines;
    bool any_function = false, any_line = false;
    const Frame& first = thread[i];
    for (std::size_t start = i; i < thread.size() && thread[i].address == first.address; ++i) {
      const Frame& frame = thread[i];
      const auto* separator = i > start ? " < " : "";
      functions += separator + (frame.name.empty() ? "??" : frame.name);
      lines += separator + (frame.line.empty() ? "??" : frame.line);
      any_function |= !frame.name.empty();
      any_line |= !frame.line.empty();
    }
    if (!first.module.empty())
      groups.push_back({place_of(first, &first == &thread.front()), any_function ? functions : "",
                        any_line ? lines : ""});
  }
  return groups;
}

std::string StackReader::place_of(const Frame& frame, bool top) const {
  if (!made_up_) return frame.module == driver_ ? driver_ : frame.module + "+" + frame.offset;
  return fmt::format("{}{:#x}", top ? "top " : "", number(frame.address) - number(frame.loaded));
}

void StackReader::add_made_up(const std::vector<Group>& groups, FactSink& facts) const {
  for (const auto& group : groups) {
    if (!group.functions.empty()) facts.add(query_, group.place + " functions", group.functions);
    if (!group.lines.empty()) facts.add(query_, group.place + " lines", group.lines);
  }
}

void StackReader::add_thread(const std::vector<Group>& groups, std::size_t number,
                             FactSink& facts) const {
  std::size_t level = 0;
  for (const auto& group : groups) {
    const auto key = fmt::format("thread {} frame {} {}", number, ++level, group.place);
    if (!group.functions.empty()) facts.add(query_, key + " functions", group.functions);
    if (!group.lines.empty()) facts.add(query_, key + " lines", group.lines);
  }
}

void StackReader::add_process(std::vector<std::vector<Group>> threads, FactSink& facts) const {
  // By offsets alone, which are the same whatever the consumer knows about them.
  const auto before = [](const Group& left, const Group& right) {
    return left.place < right.place;
  };
  std::stable_sort(threads.begin(), threads.end(), [&](const auto& left, const auto& right) {
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        before);
  });
  std::size_t number = 0;
  for (const auto& thread : threads) add_thread(thread, ++number, facts);
}

std::vector<QueryEnd> StackReader::end(const Ending& ending, FactSink& facts) {
  std::vector<std::vector<Group>> threads;
  bool any = false;
  for (const auto& thread : threads_) {
    threads.push_back(groups_of(thread));
    any |= !threads.back().empty();
  }
  if (made_up_)
    for (const auto& thread : threads) add_made_up(thread, facts);
  else
    add_process(std::move(threads), facts);

  QueryEnd end{query_, QueryEnd::How::failed, ""};
  if (ending.how != Ending::How::exited) {
    end.reason = describe(ending);
  } else if (!garbage_.empty()) {
    end.reason = fmt::format("eu-stack answered with something else: \"{}\"", garbage_);
  } else if (any) {
    // Its exit status is 1 for any frame of any module that it could not show: no reason to
    // disbelieve the others.
    end.how = QueryEnd::How::answered;
  } else if (ending.errors_tail.find("Operation not permitted") != std::string::npos) {
    end.how = QueryEnd::How::unavailable;
    end.reason = "this machine does not permit looking at another process (ptrace)";
  } else {
    end.reason = fmt::format(
        "eu-stack showed no frame of {}{}{} ({}{}{})", library_, made_up_ ? "" : " or ", driver_,
        describe(ending), ending.errors_tail.empty() ? "" : ": ", first_line(ending.errors_tail));
  }
  return {end};
}

}  // namespace splitstrip
