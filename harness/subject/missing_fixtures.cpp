#include "subject/missing_fixtures.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "run/paths.h"

namespace splitstrip {

namespace fs = std::filesystem;

std::vector<LeftOut> missing_below(const fs::path& directory) {
  std::vector<LeftOut> all;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(directory, none)) {
    std::ifstream stream(entry.path() / "missing");
    if (std::string reason; std::getline(stream, reason))
      all.push_back({entry.path().filename(), std::move(reason)});
  }
  std::ranges::sort(all, {}, &LeftOut::name);
  return all;
}

std::vector<LeftOut> missing_fixtures() {
  return missing_below(data_directory("fixtures"));
}

std::vector<LeftOut> missing_variants() {
  return missing_below(data_directory("fixtures") / "variants");
}

}  // namespace splitstrip
