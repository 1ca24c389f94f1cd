// Permissions, owner and extended attributes of files.
#pragma once

#include <filesystem>

namespace splitstrip {

// Gives an open file the permissions and extended attributes (file capabilities, SELinux label) of
// another file and, where this user may, its owner. What is not permitted is left out.
void copy_attributes(const std::filesystem::path& from, int to_descriptor);

}  // namespace splitstrip
