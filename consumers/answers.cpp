#include "consumers/answers.h"

#include <csignal>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "facts/escape.h"

namespace splitstrip {
namespace {

std::vector<std::string> split_fields(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const auto tab = line.find('\t');
    auto field = unescape(line.substr(0, tab));
    if (!field) return {};
    fields.push_back(std::move(*field));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

}  // namespace

void LineReader::read(std::string_view bytes, FactSink& facts) {
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    const auto piece = bytes.substr(0, newline);
    const bool whole = newline != std::string_view::npos;
    if (whole && partial_.empty()) {
      line(piece.substr(0, longest_line), facts);
    } else {
      if (partial_.size() < longest_line)
        partial_.append(piece.substr(0, longest_line - partial_.size()));
      if (whole) {
        line(partial_, facts);
        partial_.clear();
      }
    }
    bytes.remove_prefix(whole ? newline + 1 : bytes.size());
  }
}

std::vector<QueryEnd> LineReader::finish(const Ending& ending, FactSink& facts) {
  if (!partial_.empty()) {
    line(partial_, facts);
    partial_.clear();
  }
  return end(ending, facts);
}

FactLinesReader::FactLinesReader(std::vector<std::string> queries) {
  for (auto& query : queries) {
    QueryEnd unfinished{query, QueryEnd::How::failed, ""};
    ends_.emplace(std::move(query), std::move(unfinished));
  }
}

void FactLinesReader::line(std::string_view text, FactSink& facts) {
  const auto fields = split_fields(text);
  const auto known = [&](std::size_t at) {
    return fields.size() > at && ends_.contains(fields[at]);
  };
  if (fields.size() == 3 && known(0)) {
    facts.add(fields[0], fields[1], fields[2]);
  } else if (fields.size() == 2 && fields[0] == "!answered" && known(1)) {
    ends_.at(fields[1]).how = QueryEnd::How::answered;
  } else if (fields.size() == 3 && fields[0] == "!unavailable" && known(1)) {
    ends_.at(fields[1]) = {fields[1], QueryEnd::How::unavailable, fields[2]};
  } else if (fields.size() == 3 && fields[0] == "!failed" && known(1)) {
    ends_.at(fields[1]) = {fields[1], QueryEnd::How::failed, fields[2]};
  } else if (garbage_.empty()) {
    garbage_ = text.substr(0, 200);
  }
}

std::vector<QueryEnd> FactLinesReader::end(const Ending& ending, FactSink&) {
  std::vector<QueryEnd> ends;
  for (auto& [query, end] : ends_) {
    if (!garbage_.empty()) {
      end.how = QueryEnd::How::failed;
      end.reason = fmt::format("answered with something that is no fact: \"{}\"", garbage_);
    } else if (end.how == QueryEnd::How::failed && end.reason.empty()) {
      end.reason = fmt::format("stopped before the end of its answers ({})", describe(ending));
    }
    ends.push_back(end);
  }
  return ends;
}

std::string describe(const Ending& ending) {
  switch (ending.how) {
    case Ending::How::exited:
      return fmt::format("exit status {}", ending.code);
    case Ending::How::signalled: {
      const char* name = sigabbrev_np(ending.code);
      return name ? fmt::format("killed by SIG{}", name)
                  : fmt::format("killed by signal {}", ending.code);
    }
    case Ending::How::timed_out:
      return fmt::format("no end after {:.0f} s", ending.seconds);
    case Ending::How::too_much_output:
      return "printed more than the limit";
    case Ending::How::cancelled:
      return "interrupted";
    case Ending::How::not_started:
      return ending.reason.empty() ? "could not be started" : ending.reason;
  }
  return {};
}

std::vector<QueryEnd> all_ended(const std::vector<std::string>& queries, QueryEnd::How how,
                                std::string reason) {
  std::vector<QueryEnd> ends;
  ends.reserve(queries.size());
  for (const auto& query : queries) ends.push_back({query, how, reason});
  return ends;
}

}  // namespace splitstrip
