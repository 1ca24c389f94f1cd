#include "report/junit.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "report/text.h"

namespace splitstrip {
namespace {

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(printable(value).c_str());
}

void set_count(pugi::xml_node node, const char* name, std::uint64_t value) {
  node.append_attribute(name).set_value(fmt::format("{}", value).c_str());
}

void set_seconds(pugi::xml_node node, double value) {
  node.append_attribute("time").set_value(fmt::format("{:.3f}", value).c_str());
}

void add_property(pugi::xml_node properties, const char* name, std::string_view value) {
  auto property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

std::string side(const std::optional<std::string>& value) {
  return value ? printable(*value) : "(none)";
}

std::string details(const CellResult& cell) {
  std::string text;
  const auto shown = std::min(cell.differences.size(), junit_differences);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& difference = cell.differences[i];
    text += fmt::format("{}\n  reference: {}\n  candidate: {}\n", printable(difference.key),
                        side(difference.reference), side(difference.candidate));
  }
  for (std::size_t i = 0; i < std::min(cell.unsteady.size(), junit_differences); ++i) {
    const auto& fact = cell.unsteady[i];
    text += fmt::format("{}\n  {}: {}\n  asked again: {}\n", printable(fact.key), fact.side,
                        side(fact.first), side(fact.second));
  }
  const auto all = cell.changed + cell.lost + cell.gained;
  if (all > shown && shown > 0) text += fmt::format("and {} more\n", all - shown);
  if (!cell.command.empty())
    text += fmt::format("command: {}\n", printable(command_line(cell.command)));
  if (!cell.facts_file.empty()) text += fmt::format("facts: {}\n", printable(cell.facts_file));
  if (!cell.output_file.empty()) text += fmt::format("output: {}\n", printable(cell.output_file));
  return text;
}

// The element for what is wrong with a case.
void add_trouble(pugi::xml_node testcase, const char* element, const CellResult& cell) {
  auto node = testcase.append_child(element);
  set(node, "type", to_string(cell.outcome));
  set(node, "message", cell.reason);
  if (const auto text = details(cell); !text.empty())
    node.append_child(pugi::node_pcdata).set_value(text.c_str());
}

struct Tally {
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
  double seconds = 0;

  void add(const Tally& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
  }
  void write(pugi::xml_node node) const {
    set_count(node, "tests", tests);
    set_count(node, "failures", failures);
    set_count(node, "errors", errors);
    set_count(node, "skipped", skipped);
    set_seconds(node, seconds);
  }
};

// ".debuglink"; nothing for the way in which nearly everything is found.
std::string way(const CellResult& cell) {
  return cell.found_by == CellResult{}.found_by ? std::string() : "." + cell.found_by;
}

void add_case(pugi::xml_node suite, const CellResult& cell, bool required, Tally& tally) {
  auto testcase = suite.append_child("testcase");
  set(testcase, "classname",
      fmt::format("{}.{}{}.{}", cell.subject, cell.recipe, way(cell), cell.consumer));
  set(testcase, "name", cell.query);
  set_seconds(testcase, cell.seconds);
  auto properties = testcase.append_child("properties");
  add_property(properties, "outcome", to_string(cell.outcome));
  add_property(properties, "found-by", cell.found_by);
  for (const auto& [name, value] :
       {std::pair{"facts", cell.facts}, std::pair{"evidence", cell.evidence},
        std::pair{"changed", cell.changed}, std::pair{"lost", cell.lost},
        std::pair{"gained", cell.gained}})
    add_property(properties, name, fmt::format("{}", value));
  ++tally.tests;
  tally.seconds += cell.seconds;
  switch (standing(cell.outcome)) {
    case Standing::passed:
      break;
    case Standing::regressed:
      ++tally.failures;
      add_trouble(testcase, "failure", cell);
      break;
    case Standing::failed:
      ++tally.errors;
      add_trouble(testcase, "error", cell);
      break;
    case Standing::unproven:
      if (!required) {
        ++tally.skipped;
        add_trouble(testcase, "skipped", cell);
      } else if (cell.outcome == Outcome::unstable) {
        ++tally.errors;
        add_trouble(testcase, "error", cell);
      } else {
        ++tally.failures;
        add_trouble(testcase, "failure", cell);
      }
      break;
  }
}

}  // namespace

std::string to_junit(const Result& result) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  auto suites = document.append_child("testsuites");
  Tally all;
  for (const auto& subject : result.subjects) {
    auto suite = suites.append_child("testsuite");
    auto properties = suite.append_child("properties");
    add_property(properties, "path", subject.path);
    add_property(properties, "build-id", subject.build_id);
    add_property(properties, "arch", subject.arch);
    add_property(properties, "kernel", result.host.kernel);
    add_property(properties, "distribution", result.host.distribution);
    for (const auto& left_out : result.summary.left_out)
      add_property(properties, "left-out", left_out);
    for (const auto& consumer : result.consumers)
      add_property(properties, consumer.name.c_str(), consumer.version);
    Tally tally;
    for (const auto& cell : result.cells)
      if (cell.subject == subject.name)
        add_case(suite, cell, std::ranges::count(result.summary.required, cell.consumer) > 0,
                 tally);
    set(suite, "name", subject.name);
    // The form of JUnit's own schema has no zone: UTC is meant.
    set(suite, "timestamp", std::string_view(result.started).substr(0, 19));
    set(suite, "hostname", result.host.machine);
    tally.write(suite);
    all.add(tally);
  }
  set(suites, "name", fmt::format("{} {}", result.tool.name, result.tool.version));
  all.write(suites);
  std::ostringstream text;
  document.save(text, "  ", pugi::format_indent, pugi::encoding_utf8);
  return std::move(text).str();
}

}  // namespace splitstrip
