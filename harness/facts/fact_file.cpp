#include "facts/fact_file.h"

#include <algorithm>
#include <queue>

#include "facts/error.h"
#include "facts/escape.h"
#include "facts/zstd_stream.h"

namespace splitstrip {
namespace {

constexpr int spill_level = 1;
constexpr int final_level = 3;

// Writes the lines of `lists`, each sorted, in one order.
void merge(const std::vector<std::filesystem::path>& lists, LineWriter& out) {
  using Head = std::pair<std::string_view, LineSource*>;
  std::vector<std::unique_ptr<LineSource>> sources;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto advance = [&heads](LineSource& source) {
    if (std::string_view line; source.next(line)) heads.emplace(line, &source);
  };
  for (const auto& list : lists) advance(*sources.emplace_back(std::make_unique<LineSource>(list)));
  while (!heads.empty()) {
    const auto [line, source] = heads.top();
    heads.pop();
    out.write(line);
    advance(*source);
  }
}

}  // namespace

// The facts of one query that are held in memory, and the sorted pieces that already lie on disk.
struct FactCollector::Pending {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> lines;  // offset and length in `text`
  std::vector<std::filesystem::path> pieces;
  std::uint64_t facts = 0;

  void sort() {
    std::sort(lines.begin(), lines.end(), [this](const auto& a, const auto& b) {
      return std::string_view(text).substr(a.first, a.second) <
             std::string_view(text).substr(b.first, b.second);
    });
  }

  void write_to(LineWriter& out) const {
    for (const auto& [offset, length] : lines)
      out.write(std::string_view(text).substr(offset, length));
  }

  void forget() {
    text.clear();
    lines.clear();
  }
};

FactCollector::FactCollector(std::filesystem::path directory, std::size_t memory)
    : directory_(std::move(directory)), memory_(memory) {}

FactCollector::~FactCollector() = default;

void FactCollector::add(std::string_view query, std::string_view key, std::string_view value) {
  auto found = pending_.find(query);
  if (found == pending_.end())
    found = pending_.emplace(std::string(query), std::make_unique<Pending>()).first;
  Pending& pending = *found->second;
  const auto start = pending.text.size();
  append_escaped(pending.text, key);
  pending.text += '\t';
  append_escaped(pending.text, value);
  pending.lines.emplace_back(start, pending.text.size() - start);
  ++pending.facts;
  held_ += pending.text.size() - start + sizeof(pending.lines[0]);
  if (held_ >= memory_) spill();
}

void FactCollector::spill() {
  for (auto& [query, pending] : pending_) {
    if (pending->lines.empty()) continue;
    auto file = directory_ / fmt::format("{}.piece{}.zst", query, pending->pieces.size());
    pending->sort();
    LineWriter out(file, spill_level);
    pending->write_to(out);
    out.close();
    pending->pieces.push_back(std::move(file));
    pending->forget();
  }
  held_ = 0;
}

FactCollector::List FactCollector::finish(std::string_view query) {
  List list{directory_ / fmt::format("{}.facts.zst", query), 0};
  LineWriter out(list.file, final_level);
  if (const auto found = pending_.find(query); found != pending_.end()) {
    if (!found->second->pieces.empty()) spill();
    Pending& pending = *found->second;
    list.facts = pending.facts;
    if (pending.pieces.empty()) {
      pending.sort();
      pending.write_to(out);
    } else {
      merge(pending.pieces, out);
      for (const auto& piece : pending.pieces) std::filesystem::remove(piece);
    }
    pending_.erase(found);
  }
  out.close();
  return list;
}

void merge_fact_files(const std::vector<std::filesystem::path>& lists,
                      const std::filesystem::path& file) {
  LineWriter out(file, final_level);
  merge(lists, out);
  out.close();
}

struct FactReader::Stream {
  explicit Stream(const std::filesystem::path& file) : path(file), source(file) {}
  std::filesystem::path path;
  LineSource source;
  std::string_view line;
  std::size_t value_at = 0;
};

FactReader::FactReader(const std::filesystem::path& file)
    : stream_(std::make_unique<Stream>(file)) {}
FactReader::~FactReader() = default;
FactReader::FactReader(FactReader&&) noexcept = default;

bool FactReader::next() {
  if (!stream_->source.next(stream_->line)) return false;
  const auto tab = stream_->line.find('\t');
  if (tab == std::string_view::npos)
    throw Error::of("{}: is no fact file; run the check again", stream_->path.string());
  stream_->value_at = tab + 1;
  return true;
}

std::string_view FactReader::line() const {
  return stream_->line;
}
std::string_view FactReader::key() const {
  return stream_->line.substr(0, stream_->value_at);
}
std::string_view FactReader::value() const {
  return stream_->line.substr(stream_->value_at);
}

std::string unescape_fact(std::string_view field) {
  if (field.ends_with('\t')) field.remove_suffix(1);
  return unescape(field).value_or(std::string(field));
}

}  // namespace splitstrip
