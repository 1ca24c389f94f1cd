#include "dwarf/split_files.h"

#include <algorithm>

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

bool is_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

}  // namespace

SplitFiles::SplitFiles(const std::vector<fs::path>& elves) {
  const auto add = [](std::vector<fs::path>& list, const fs::path& path) {
    if (std::ranges::find(list, path) == list.end()) list.push_back(path);
  };
  for (const fs::path& elf : elves) {
    add(packages_, fs::path(elf) += ".dwp");
    if (elf.extension() == ".debug") add(packages_, fs::path(elf).replace_extension(".dwp"));
    add(directories_, elf.parent_path());
  }
}

std::optional<fs::path> SplitFiles::package() const {
  const auto found = std::ranges::find_if(packages_, is_file);
  return found == packages_.end() ? std::nullopt : std::optional(*found);
}

fs::path SplitFiles::recorded(std::string_view name, std::string_view directory) {
  return fs::path(directory) / fs::path(name);
}

std::vector<fs::path> SplitFiles::find(std::string_view name, std::string_view directory) const {
  std::vector<fs::path> places;
  const fs::path as_recorded = recorded(name, directory);
  if (as_recorded.is_absolute()) places.push_back(as_recorded);
  const fs::path own(name);
  for (const fs::path& beside : directories_) {
    if (own.is_relative()) places.push_back(beside / own);
    places.push_back(beside / own.filename());
  }
  std::erase_if(places, [](const fs::path& place) { return !is_file(place); });
  return places;
}

}  // namespace splitstrip
