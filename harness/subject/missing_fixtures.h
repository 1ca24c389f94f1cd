// Fixtures and forms of them that could not be built here, since a compiler or tool is missing:
// CMake leaves a file `missing` in their directories (ci/cmake/fixture.cmake and variant.cmake).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace splitstrip {

struct LeftOut {
  std::string name;
  std::string reason;  // one line: what is needed, and which package brings it
};

// Those below `directory`, by name. None if there is no such directory.
std::vector<LeftOut> missing_below(const std::filesystem::path& directory);

// The program's own fixtures. Throws Error if they cannot be found at all.
std::vector<LeftOut> missing_fixtures();

// Those of their forms that were asked for and could not be built. Throws the same.
std::vector<LeftOut> missing_variants();

}  // namespace splitstrip
