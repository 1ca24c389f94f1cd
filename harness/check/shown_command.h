// A command as a report shows it: one that lists hundreds of functions would fill pages.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace splitstrip {

// No command of a report is longer, in bytes with a blank after each word.
inline constexpr std::size_t longest_shown_command = 1200;

// `argv` itself unless it is too long. Else a command that does the same and reads what does not
// fit from `file`, which is written, one argument a line; in the command it is called by its path
// relative to `base`. Throws Error if the file cannot be written.
std::vector<std::string> shown_command(const std::vector<std::string>& argv,
                                       const std::filesystem::path& file,
                                       const std::filesystem::path& base);

}  // namespace splitstrip
