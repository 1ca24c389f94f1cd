#include "consumers/program.h"

#include <charconv>
#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

#include "facts/error.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// Next number of `version`, which is moved past it; 0 at the end.
unsigned long next_number(std::string_view& version) {
  unsigned long number = 0;
  const auto [end, error] =
      std::from_chars(version.data(), version.data() + version.size(), number);
  version.remove_prefix(end - version.data());
  if (!version.empty()) version.remove_prefix(1);
  return error == std::errc{} ? number : 0;
}

}  // namespace

std::optional<fs::path> find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (true) {
    const auto colon = rest.find(':');
    const fs::path candidate = fs::path(rest.substr(0, colon)) / name;
    std::error_code none;
    if (candidate.is_absolute() && fs::is_regular_file(candidate, none) &&
        access(candidate.c_str(), X_OK) == 0)
      return candidate;
    if (colon == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(colon + 1);
  }
}

std::string program_says(std::vector<std::string> argv, std::chrono::milliseconds timeout) {
  try {
    const auto end = Program::start(std::move(argv)).wait(timeout);
    return end.output + end.errors;
  } catch (const Error&) {
    return {};
  }
}

std::string version_in(std::string_view text, std::string_view after) {
  const auto found = text.find(after);
  if (found == std::string_view::npos) return {};
  text.remove_prefix(found + after.size());
  const auto begin = text.find_first_of("0123456789");
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin);
  text = text.substr(0, text.find_first_not_of("0123456789."));
  while (text.ends_with('.')) text.remove_suffix(1);
  return std::string(text);
}

bool older(std::string_view version, std::string_view than) {
  while (!version.empty() || !than.empty()) {
    const auto left = next_number(version);
    const auto right = next_number(than);
    if (left != right) return left < right;
  }
  return false;
}

Detection detect_program(const Wanted& wanted) {
  Detection found;
  found.debian_package = wanted.debian_package;
  found.fedora_package = wanted.fedora_package;
  const auto program = find_program(wanted.program);
  if (!program) {
    found.reason = fmt::format("{} is not installed", wanted.program);
    return found;
  }
  found.program = *program;
  found.version =
      version_in(program_says({program->string(), "--version"}), wanted.version_follows);
  if (found.version.empty()) {
    found.reason = fmt::format("{} does not tell its version", program->string());
  } else if (older(found.version, wanted.oldest)) {
    found.reason = fmt::format("{} {} is too old; {} or later is needed", wanted.program,
                               found.version, wanted.oldest);
  } else {
    found.available = true;
  }
  return found;
}

}  // namespace splitstrip
