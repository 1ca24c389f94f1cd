// Which package brings a debug file.
#pragma once

#include <filesystem>
#include <string>

namespace splitstrip {

// What to do to get the debug file of a library, in words: "install libfoo1-dbgsym or libfoo1-dbg",
// "run `dnf debuginfo-install foo`", or both ways where no package owns the file. Asks dpkg or rpm,
// which may take a second: for messages only.
std::string debug_package_hint(const std::filesystem::path& library);

}  // namespace splitstrip
