// Whether a program is here, and which version: what every detect() begins with.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

// The executable file that PATH gives for `name`; none if there is none.
std::optional<std::filesystem::path> find_program(std::string_view name);

// What `argv` prints on standard output and standard error together, at most 4 KiB of it; empty if
// it cannot be started. It is killed when `timeout` is over. Standard input is /dev/null.
std::string program_says(const std::vector<std::string>& argv,
                         std::chrono::milliseconds timeout = std::chrono::seconds(1));

// The first run of digits and dots in `text` after `after`: "3.19.0" out of "valgrind-3.19.0".
// Empty if there is none.
std::string version_in(std::string_view text, std::string_view after = "");

// Whether version `version` comes before `than`, number by number: "3.9" is older than "3.19".
bool older(std::string_view version, std::string_view than);

// What is needed to tell whether a program will do.
struct Wanted {
  const char* program;          // as in PATH
  const char* version_follows;  // the text before the version in what `PROGRAM --version` prints
  const char* oldest;           // the first version that will do
  const char* debian_package;
  const char* fedora_package;
};

// All of it in one: found, of a known version, and not too old; otherwise the reason says which.
Detection detect_program(const Wanted& wanted);

}  // namespace splitstrip
