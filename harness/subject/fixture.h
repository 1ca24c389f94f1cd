// Fixtures: the libraries that come with the program, each with a driver that exercises it.
#pragma once

#include <string>
#include <vector>

#include "subject/subject.h"
#include "variants/selection.h"

namespace splitstrip {

// In alphabetical order. Throws Error if the program's fixtures cannot be found at all.
std::vector<std::string> fixture_names();

// What the fixtures say of the forms that they can be built in, in the same order.
std::vector<FixtureForms> fixture_forms();

// Reads NAME/fixture.toml. NAME is a fixture ("types"), or one in another form ("types@clang-O0"),
// which has been built: then the library is that one's, and a foreign machine's has no driver.
// Throws Error if the file is damaged, has a key that nobody knows, or names files that are
// missing.
Subject fixture(const std::string& name);

// The same for a fixture in any directory.
Subject fixture_in(const std::filesystem::path& directory);

}  // namespace splitstrip
