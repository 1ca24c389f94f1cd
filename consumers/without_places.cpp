#include "consumers/without_places.h"

#include <algorithm>

#include "facts/normalise.h"

namespace splitstrip {

PlaceNames::PlaceNames(const StagedPair& pair) {
  const auto add = [&](const std::filesystem::path& path, std::string_view name) {
    // What is everywhere the same says nothing of this run.
    if (path.is_absolute() && path.has_relative_path()) places_.emplace_back(path.string(), name);
  };
  add(pair.root, "$ROOT");
  add(pair.scratch, "$SCRATCH");
  // One may lie below the other.
  std::ranges::stable_sort(places_, std::ranges::greater{},
                           [](const auto& place) { return place.first.size(); });
}

std::string PlaceNames::operator()(std::string_view text) const {
  std::string plain(text);
  for (const auto& [path, name] : places_) {
    if (plain.find(path) != std::string::npos) plain = replace_path(plain, path, name);
  }
  return plain;
}

void WithoutPlaces::add(std::string_view query, std::string_view key, std::string_view value) {
  to_.add(query, names_(key), names_(value));
}

}  // namespace splitstrip
