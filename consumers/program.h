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

// What is needed to tell whether a program will do.
struct Wanted {
  const char* program;          // as in PATH
  const char* version_follows;  // the text before the version in what `PROGRAM --version` prints
  const char* oldest;           // the first version that will do
  const char* debian_package;
  const char* fedora_package;
};

// Finds the program, asks it for its version, and compares.
// If it is not available, the reason says what is wrong.
Detection detect_program(const Wanted& wanted);

// The executable file that PATH gives for `name`; none if there is none.
std::optional<std::filesystem::path> find_program(std::string_view name);

// What `argv` prints on standard output, then on standard error. Empty if it cannot be started or
// takes longer than `timeout`, after which it is killed. A busy machine takes its time: a consumer
// that is here must not become `unavailable` by that.
std::string program_says(std::vector<std::string> argv,
                         std::chrono::milliseconds timeout = std::chrono::seconds(60));

// The first run of digits and dots in `text` after `after`: "3.19.0" out of "valgrind-3.19.0".
// Empty if there is none.
std::string version_in(std::string_view text, std::string_view after = "");

// Whether version `version` comes before `than`, number by number: "3.9" is older than "3.19".
bool older(std::string_view version, std::string_view than);

}  // namespace splitstrip
