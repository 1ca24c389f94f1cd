// What the scripts inside gdb are told, as the JSON object that
// gdb-scripts/splitstrip/parameters.py describes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

// The file descriptor on which Channel::facts expects the answers.
inline constexpr int facts_descriptor = 3;

// The text of the JSON object for a run that answers `queries`, looking at `landmarks` (may be
// empty). Paths need not be UTF-8: other bytes are replaced, and gdb is given the true ones
// elsewhere. `gdbserver`, if not empty, is to run the driver.
std::string gdb_parameters(const Question& question, const std::vector<std::string>& queries,
                           const std::filesystem::path& landmarks,
                           const std::filesystem::path& gdbserver = {});

}  // namespace splitstrip
