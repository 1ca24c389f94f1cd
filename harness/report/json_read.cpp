#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "facts/error.h"
#include "report/json.h"

namespace splitstrip {
namespace {

using Json = nlohmann::ordered_json;

// Reads an object member by member and refuses, in words, what is missing, of another type or
// unknown. `where_` names the object in messages: "cells[3]".
class Reader {
 public:
  Reader(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json_.is_object()) throw std::runtime_error(where_ + " is not an object");
  }

  void operator()(const char* name, std::string& into) { into = text(member(name), name); }
  void operator()(const char* name, bool& into) {
    const auto& value = member(name);
    if (!value.is_boolean()) fail(name, "not true or false");
    into = value.get<bool>();
  }
  void operator()(const char* name, std::uint64_t& into) {
    const auto& value = member(name);
    if (!value.is_number_unsigned()) fail(name, "not a whole number from 0 on");
    into = value.get<std::uint64_t>();
  }
  void operator()(const char* name, std::map<std::string, std::uint64_t>& into) {
    const auto& value = member(name);
    if (!value.is_object()) fail(name, "not an object");
    for (const auto& [key, count] : value.items()) {
      if (!count.is_number_unsigned()) fail(name, "not made of whole numbers from 0 on");
      into.emplace(key, count.get<std::uint64_t>());
    }
  }
  void operator()(const char* name, double& into) {
    const auto& value = member(name);
    if (!value.is_number()) fail(name, "not a number");
    into = value.get<double>();
    if (into < 0) fail(name, "negative");
  }
  void operator()(const char* name, std::optional<std::string>& into) {
    const auto& value = member(name);
    if (!value.is_null()) into = text(value, name);
  }
  void operator()(const char* name, std::vector<std::string>& into) {
    for (const auto& value : list(name)) into.push_back(text(value, name));
  }

  const Json& member(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end()) fail(name, "missing");
    ++taken_;
    return *found;
  }
  const Json& list(const char* name) {
    const auto& value = member(name);
    if (!value.is_array()) fail(name, "not a list");
    return value;
  }
  // Reads each object of a list with `read`.
  template <typename Item, typename Read>
  void each(const char* name, std::vector<Item>& into, Read read) {
    for (const auto& value : list(name)) {
      Reader reader(value, fmt::format("{}.{}[{}]", where_, name, into.size()));
      into.push_back(read(reader));
      reader.done();
    }
  }
  Reader object(const char* name) { return {member(name), where_ + "." + name}; }

  bool has(const char* name) const { return json_.contains(name); }

  // To be called when all members are taken.
  void done() const {
    if (taken_ != json_.size())
      throw std::runtime_error(where_ + " holds a member that the schema does not know");
  }
  [[noreturn]] void fail(const char* name, const char* why) const {
    throw std::runtime_error(fmt::format("{}.{} is {}", where_, name, why));
  }

 private:
  std::string text(const Json& value, const char* name) const {
    if (!value.is_string()) fail(name, "not a text");
    return value.get<std::string>();
  }

  const Json& json_;
  std::string where_;
  std::size_t taken_ = 0;
};

ConsumerInfo read_consumer(Reader& read) {
  ConsumerInfo consumer;
  read("name", consumer.name);
  read("version", consumer.version);
  read("path", consumer.path);
  read("cpu_seconds", consumer.cpu_seconds);
  read("available", consumer.available);
  read("reason", consumer.reason);
  return consumer;
}

SubjectInfo read_subject(Reader& read) {
  SubjectInfo subject;
  read("name", subject.name);
  read("path", subject.path);
  read("build_id", subject.build_id);
  read("arch", subject.arch);
  read("main_bytes", subject.main_bytes);
  read("debug_bytes", subject.debug_bytes);
  if (read.has("notes")) read("notes", subject.notes);
  if (const auto& typedata = read.member("typedata"); !typedata.is_null()) {
    Reader inner(typedata, "typedata");
    auto& info = subject.typedata.emplace();
    inner("bytes", info.bytes);
    inner("exported", info.exported);
    inner("typed", info.typed);
    inner.done();
  }
  if (const auto& sites = read.member("call_sites"); !sites.is_null()) {
    Reader inner(sites, "call_sites");
    auto& info = subject.call_sites.emplace();
    inner("calls", info.calls);
    inner("covered", info.covered);
    inner("outermost", info.outermost);
    inner("changes", info.changes);
    inner("tops", info.tops);
    inner.done();
  }
  return subject;
}

Difference read_difference(Reader& read) {
  Difference difference;
  read("key", difference.key);
  read("reference", difference.reference);
  read("candidate", difference.candidate);
  return difference;
}

UnsteadyFact read_unsteady(Reader& read) {
  UnsteadyFact fact;
  read("side", fact.side);
  read("key", fact.key);
  read("first", fact.first);
  read("second", fact.second);
  return fact;
}

CellResult read_cell(Reader& read) {
  CellResult cell;
  read("subject", cell.subject);
  read("recipe", cell.recipe);
  // A result from before there was a choice has none.
  if (read.has("found_by")) read("found_by", cell.found_by);
  read("consumer", cell.consumer);
  read("query", cell.query);
  std::string name;
  read("outcome", name);
  const auto outcome = parse_outcome(name);
  if (!outcome) read.fail("outcome", "none of the known outcomes");
  cell.outcome = *outcome;
  read("facts", cell.facts);
  read("evidence", cell.evidence);
  read("changed", cell.changed);
  read("lost", cell.lost);
  read("gained", cell.gained);
  read("seconds", cell.seconds);
  read("cpu_seconds", cell.cpu_seconds);
  read("reused", cell.reused);
  read("reason", cell.reason);
  read("command", cell.command);
  read.each("differences", cell.differences, read_difference);
  // Nor has one from before anything was asked again.
  if (read.has("unsteady")) read.each("unsteady", cell.unsteady, read_unsteady);
  read("facts_file", cell.facts_file);
  read("output_file", cell.output_file);
  return cell;
}

Summary read_summary(Reader read) {
  Summary summary;
  std::string name;
  read("verdict", name);
  const auto verdict = parse_verdict(name);
  if (!verdict) read.fail("verdict", "none of the known verdicts");
  summary.verdict = *verdict;
  std::uint64_t exit = 0;
  read("exit", exit);
  if (exit > 2) read.fail("exit", "not 0, 1 or 2");
  summary.exit = static_cast<int>(exit);
  auto counts = read.object("counts");
  for (const auto outcome : all_outcomes) {
    std::uint64_t count = 0;
    const std::string name_of_outcome(to_string(outcome));
    if (outcome == Outcome::unstable && !counts.has(name_of_outcome.c_str())) continue;
    counts(name_of_outcome.c_str(), count);
    summary.counts.add(outcome, count);
  }
  counts.done();
  read("required", summary.required);
  if (read.has("left_out")) read("left_out", summary.left_out);
  read.done();
  return summary;
}

Result read_document(const Json& json) {
  Reader read(json, "result");
  std::uint64_t schema = 0;
  read("schema", schema);
  if (schema != result_schema_version)
    throw std::runtime_error(
        fmt::format("it is of schema version {}, this program reads version {}", schema,
                    result_schema_version));
  Result result;
  auto tool = read.object("tool");
  tool("name", result.tool.name);
  tool("version", result.tool.version);
  tool.done();
  read("started", result.started);
  read("seconds", result.seconds);
  read("cpu_seconds", result.cpu_seconds);
  auto host = read.object("host");
  host("machine", result.host.machine);
  host("kernel", result.host.kernel);
  host("distribution", result.host.distribution);
  host.done();
  read.each("consumers", result.consumers, read_consumer);
  read.each("subjects", result.subjects, read_subject);
  read.each("cells", result.cells, read_cell);
  result.summary = read_summary(read.object("summary"));
  read.done();
  return result;
}

}  // namespace

Result result_from_json(std::string_view text, const std::string& origin) {
  try {
    return read_document(Json::parse(text));
  } catch (const std::exception& why) {
    throw Error::of("{}: not a result of splitstrip: {}; run `splitstrip check` again", origin,
                    why.what());
  }
}

Result read_result(const std::filesystem::path& path) {
  constexpr std::uintmax_t largest = std::uintmax_t{1} << 30;
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) throw Error::of("{}: {}; name a result.json", path.string(), failed.message());
  if (size > largest) throw Error::of("{}: larger than 1 GiB; name a result.json", path.string());
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || !text)
    throw Error::of("{}: could not be read; check its permissions", path.string());
  return result_from_json(text.view(), path.string());
}

}  // namespace splitstrip
