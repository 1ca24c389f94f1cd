#include <cmath>

#include <nlohmann/json.hpp>

#include "report/json.h"

namespace splitstrip {
namespace {

using Json = nlohmann::ordered_json;

// A duration with microseconds: more digits are noise, and not-a-number has no form in JSON.
double rounded(double seconds) {
  return std::isfinite(seconds) ? std::round(seconds * 1e6) / 1e6 : 0.0;
}

Json optional_text(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json write(const ConsumerInfo& consumer) {
  return {{"name", consumer.name},           {"version", consumer.version},
          {"path", consumer.path},           {"cpu_seconds", rounded(consumer.cpu_seconds)},
          {"available", consumer.available}, {"reason", consumer.reason}};
}

Json write(const SubjectInfo& subject) {
  Json json = {{"name", subject.name},
               {"path", subject.path},
               {"build_id", subject.build_id},
               {"arch", subject.arch},
               {"main_bytes", subject.main_bytes},
               {"debug_bytes", subject.debug_bytes},
               {"notes", subject.notes},
               {"typedata", nullptr},
               {"call_sites", nullptr}};
  if (const auto& typedata = subject.typedata)
    json["typedata"] = {
        {"bytes", typedata->bytes}, {"exported", typedata->exported}, {"typed", typedata->typed}};
  if (const auto& sites = subject.call_sites)
    json["call_sites"] = {{"calls", sites->calls},
                          {"covered", sites->covered},
                          {"outermost", sites->outermost},
                          {"changes", sites->changes},
                          {"tops", sites->tops}};
  return json;
}

Json write(const CellResult& cell) {
  Json differences = Json::array();
  for (const auto& difference : cell.differences)
    differences.push_back({{"key", difference.key},
                           {"reference", optional_text(difference.reference)},
                           {"candidate", optional_text(difference.candidate)}});
  Json unsteady = Json::array();
  for (const auto& fact : cell.unsteady)
    unsteady.push_back({{"side", fact.side},
                        {"key", fact.key},
                        {"first", optional_text(fact.first)},
                        {"second", optional_text(fact.second)}});
  return {{"subject", cell.subject},
          {"recipe", cell.recipe},
          {"found_by", cell.found_by},
          {"consumer", cell.consumer},
          {"query", cell.query},
          {"outcome", to_string(cell.outcome)},
          {"facts", cell.facts},
          {"evidence", cell.evidence},
          {"changed", cell.changed},
          {"lost", cell.lost},
          {"gained", cell.gained},
          {"seconds", rounded(cell.seconds)},
          {"cpu_seconds", rounded(cell.cpu_seconds)},
          {"reused", cell.reused},
          {"reason", cell.reason},
          {"command", cell.command},
          {"differences", std::move(differences)},
          {"unsteady", std::move(unsteady)},
          {"facts_file", cell.facts_file},
          {"output_file", cell.output_file}};
}

Json write(const Summary& summary) {
  Json counts = Json::object();
  for (const auto outcome : all_outcomes)
    counts[std::string(to_string(outcome))] = summary.counts.of(outcome);
  return {{"verdict", to_string(summary.verdict)},
          {"exit", summary.exit},
          {"counts", std::move(counts)},
          {"required", summary.required},
          {"left_out", summary.left_out}};
}

template <typename Item>
Json write_all(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(write(item));
  return list;
}

}  // namespace

std::string to_json(const Result& result) {
  const Json json = {{"schema", result_schema_version},
                     {"tool", {{"name", result.tool.name}, {"version", result.tool.version}}},
                     {"started", result.started},
                     {"seconds", rounded(result.seconds)},
                     {"cpu_seconds", rounded(result.cpu_seconds)},
                     {"host",
                      {{"machine", result.host.machine},
                       {"kernel", result.host.kernel},
                       {"distribution", result.host.distribution}}},
                     {"consumers", write_all(result.consumers)},
                     {"subjects", write_all(result.subjects)},
                     {"cells", write_all(result.cells)},
                     {"summary", write(result.summary)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace splitstrip
