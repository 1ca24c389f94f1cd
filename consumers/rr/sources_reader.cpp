#include "consumers/rr/sources_reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "consumers/answers.h"
#include "facts/normalise.h"

namespace splitstrip {
namespace {

using nlohmann::json;

// A library of 10,000 source files has less than a megabyte of names.
constexpr std::size_t longest_text = std::size_t{16} << 20;

const json& member(const json& object, const char* name) {
  static const json nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const json& object, const char* name) {
  const json& text = object.is_object() ? member(object, name) : object;
  return text.is_string() ? text.get<std::string>() : std::string();
}

}  // namespace

void SourcesReader::read(std::string_view bytes, FactSink& /*facts*/) {
  if (text_.size() + bytes.size() > longest_text)
    too_long_ = true;
  else
    text_ += bytes;
}

std::vector<QueryEnd> SourcesReader::finish(const Ending& ending, FactSink& facts) {
  if (ending.how != Ending::How::exited || ending.code != 0)
    return {{query_, QueryEnd::How::failed, describe(ending)}};
  const json answer = too_long_ ? json() : json::parse(text_, nullptr, false);
  if (!answer.is_object())
    return {{query_, QueryEnd::How::failed,
             fmt::format("rr printed something else: \"{}\"", text_.substr(0, 200))}};

  // Build-ids and paths of debug files are left out: they tell of the stage, not of the DWARF.
  if (const auto count = member(answer, "relevant_binaries").size(); count > 0)
    facts.add(query_, "relevant binaries", std::to_string(count));
  for (const auto& file : member(answer, "external_debug_info"))
    facts.add(query_, "external debug info", text_of(file, "type"));
  for (const auto& dwo : member(answer, "dwos"))
    facts.add(query_, fmt::format("dwo {}", text_of(dwo, "name")), "named");
  for (const auto& [directory, names] : member(answer, "files").items())
    for (const auto& name : names) {
      if (!name.is_string()) continue;
      auto path = name.get<std::string>();
      if (!directory.empty()) path = fmt::format("{}/{}", directory, path);
      facts.add(query_, fmt::format("file {}", replace_path(path, root_)), "source");
    }
  return {{query_, QueryEnd::How::answered, ""}};
}

}  // namespace splitstrip
