#include "consumers/valgrind/memcheck_reader.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "consumers/answers.h"
#include "facts/normalise.h"

namespace splitstrip {
namespace {

constexpr std::string_view opening = "<error>";
constexpr std::string_view closing = "</error>";
constexpr std::string_view end_of_document = "</valgrindoutput>";
constexpr std::string_view leak = "Leak_";

// Every "0x..." in `text` becomes "0x...", literally: where the heap and the stack lie is this
// run's.
std::string without_addresses(std::string_view text) {
  std::string out;
  while (true) {
    const auto at = text.find("0x");
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 2);
    const auto digits = text.find_first_not_of("0123456789abcdefABCDEF");
    out += digits == 0 ? "0x" : "0x...";
    text.remove_prefix(std::min(digits, text.size()));
  }
}

// Without " in loss record 3 of 7".
std::string without_record(std::string text) {
  const auto at = text.find(" in loss record ");
  if (at != std::string::npos) text.resize(at);
  return text;
}

std::string frame_text(const pugi::xml_node& frame, const std::filesystem::path& root) {
  const char* function = frame.child_value("fn");
  std::string text = *function != '\0' ? function : "??";
  if (const auto file = frame.child("file")) {
    const std::string directory = frame.child_value("dir");
    text += fmt::format(" ({}{}{}:{})", directory, directory.empty() ? "" : "/", file.child_value(),
                        frame.child_value("line"));
  }
  const std::string object = frame.child_value("obj");
  const std::string staged = replace_path(object, root.string());
  // Of an object that is not the stage's the name will do: where valgrind lies is the machine's.
  if (!object.empty())
    text +=
        " in " + (staged != object ? staged : std::filesystem::path(object).filename().string());
  return text;
}

}  // namespace

MemcheckReader::MemcheckReader(std::string query, std::filesystem::path root)
    : query_(std::move(query)), root_(std::move(root)) {}

void MemcheckReader::read(std::string_view bytes, FactSink& facts) {
  if (!garbage_.empty()) return;
  pending_ += bytes;
  std::size_t done = 0;
  while (true) {
    const auto begin = pending_.find(opening, done);
    if (begin == std::string::npos) {
      complete_ = complete_ || pending_.find(end_of_document, done) != std::string::npos;
      // A tag may be cut in two.
      const auto keep = std::min(pending_.size() - done, end_of_document.size());
      pending_.erase(0, pending_.size() - keep);
      return;
    }
    const auto end = pending_.find(closing, begin);
    if (end == std::string::npos) {
      pending_.erase(0, begin);
      if (pending_.size() > longest_error) garbage_ = "an error without end";
      return;
    }
    done = end + closing.size();
    error(std::string_view(pending_).substr(begin, done - begin), facts);
    if (!garbage_.empty()) return;
  }
}

void MemcheckReader::error(std::string_view xml, FactSink& facts) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(xml.data(), xml.size());
  const auto node = document.child("error");
  const std::string kind = node.child_value("kind");
  if (!parsed || kind.empty()) {
    garbage_ = parsed ? "an error without a kind" : parsed.description();
    return;
  }
  Lines lines;
  std::size_t stacks = 0;
  std::size_t notes = 0;
  for (const auto& part : node.children()) {
    const std::string_view tag = part.name();
    if (tag == "what") {
      lines.emplace_back("", without_addresses(part.child_value()));
    } else if (tag == "xwhat") {
      lines.emplace_back("", without_record(without_addresses(part.child_value("text"))));
    } else if (tag == "auxwhat") {
      lines.emplace_back(fmt::format(", note {}", ++notes), without_addresses(part.child_value()));
    } else if (tag == "xauxwhat") {
      lines.emplace_back(fmt::format(", note {}", ++notes),
                         without_addresses(part.child_value("text")));
    } else if (tag == "stack") {
      ++stacks;
      std::size_t frames = 0;
      for (const auto& frame : part.children("frame"))
        lines.emplace_back(fmt::format(", stack {}, frame {}", stacks, ++frames),
                           frame_text(frame, root_));
    }
  }
  if (!kind.starts_with(leak)) {
    add(fmt::format("error {} {}", ++errors_, kind), lines, facts);
  } else if (leaks_.size() < most_leaks) {
    leaks_.push_back({kind, std::move(lines)});
  }
}

void MemcheckReader::add(const std::string& name, const Lines& lines, FactSink& facts) const {
  for (const auto& [rest, value] : lines) facts.add(query_, name + rest, value);
}

std::vector<QueryEnd> MemcheckReader::finish(const Ending& ending, FactSink& facts) {
  std::sort(leaks_.begin(), leaks_.end());
  std::size_t number = 0;
  for (const auto& one : leaks_)
    add(fmt::format("leak {} {}", ++number, one.kind), one.lines, facts);

  using How = QueryEnd::How;
  if (!garbage_.empty())
    return {{query_, How::failed, "memcheck's XML cannot be read: " + garbage_}};
  if (complete_) return {{query_, How::answered, ""}};
  // Without ld.so's symbols memcheck refuses to run at all.
  if (ending.errors_tail.find("mandatory for this platform-tool combination") != std::string::npos)
    return {{query_, How::unavailable,
             "memcheck needs the symbols of ld.so; install libc6-dbg (Fedora: glibc-debuginfo)"}};
  return {{query_, How::failed,
           fmt::format("memcheck stopped before the end of its XML ({})", describe(ending))}};
}

}  // namespace splitstrip
