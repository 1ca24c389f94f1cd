// Fixtures: the libraries that come with the program, each with a driver that exercises it.
#pragma once

#include <string>
#include <vector>

#include "subject/subject.h"

namespace splitstrip {

// In alphabetical order. Throws Error if the program's fixtures cannot be found at all.
std::vector<std::string> fixture_names();

// Reads NAME/fixture.toml. Throws Error if it is damaged, has a key that nobody knows, or names
// files that are missing.
Subject fixture(const std::string& name);

// The same for a fixture in any directory.
Subject fixture_in(const std::filesystem::path& directory);

}  // namespace splitstrip
