// The built program, run as a user runs it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "run/program.h"

namespace splitstrip {

// `splitstrip ARGUMENTS`, in the directory of the test. `check` gets --no-cache if it has no
// --cache.
ProgramEnd splitstrip_program(std::vector<std::string> arguments);

// The result.json below `directory`; the test fails if there is none.
nlohmann::json read_result_json(const std::filesystem::path& directory);

// The cells of `result` that match all of `fields`, e.g. {{"consumer", "gdb"}}.
std::vector<nlohmann::json> cells_with(
    const nlohmann::json& result, const std::vector<std::pair<std::string, std::string>>& fields);

// A line for a failed assertion: which cell, and what became of it.
std::string show(const nlohmann::json& cell);

}  // namespace splitstrip
