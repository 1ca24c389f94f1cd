#include "e2e/tool.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace splitstrip {

ProgramEnd splitstrip_program(std::vector<std::string> arguments) {
  // A test is about what is asked now, unless it is about the cache.
  const bool check = !arguments.empty() && arguments.front() == "check";
  if (check && std::ranges::find(arguments, "--cache") == arguments.end())
    arguments.emplace_back("--no-cache");
  arguments.insert(arguments.begin(), SPLITSTRIP_BINARY);
  return Program::start(std::move(arguments)).wait(std::chrono::minutes(30));
}

nlohmann::json read_result_json(const std::filesystem::path& directory) {
  std::ifstream file(directory / "result.json");
  EXPECT_TRUE(file) << "no result in " << directory;
  return nlohmann::json::parse(file, nullptr, false);
}

std::vector<nlohmann::json> cells_with(
    const nlohmann::json& result, const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<nlohmann::json> cells;
  for (const auto& cell : result.at("cells")) {
    if (std::all_of(fields.begin(), fields.end(),
                    [&](const auto& field) { return cell.at(field.first) == field.second; })) {
      cells.push_back(cell);
    }
  }
  return cells;
}

std::string show(const nlohmann::json& cell) {
  std::string text;
  for (const char* field : {"subject", "recipe", "consumer", "query", "outcome", "reason"}) {
    text += cell.value(field, "") + " ";
  }
  for (const auto& difference : cell.value("differences", nlohmann::json::array())) {
    text += "\n  " + difference.dump();
    if (text.size() > 2000) break;
  }
  return text;
}

}  // namespace splitstrip
