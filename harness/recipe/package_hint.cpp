#include "recipe/package_hint.h"

#include <optional>
#include <vector>

#include <fmt/format.h>

#include "facts/error.h"
#include "run/program.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

// The first word of what a package manager answers, up to any of `ends`.
std::optional<std::string> ask(const std::vector<std::string>& argv, const char* ends) {
  if (!program_exists(argv.front())) return std::nullopt;
  try {
    const ProgramEnd end = Program::start(argv).wait(std::chrono::seconds(5));
    if (!end.ok()) return std::nullopt;
    std::string name = end.output.substr(0, end.output.find_first_of(ends));
    if (name.empty()) return std::nullopt;
    return name;
  } catch (const Error&) {
    return std::nullopt;  // only a hint is lost
  }
}

}  // namespace

std::string debug_package_hint(const fs::path& library) {
  std::error_code none;
  const fs::path real = fs::canonical(library, none);
  // By pattern: /lib may be a link to /usr/lib, and dpkg knows one of the two names.
  const std::string name = real.filename().string();
  if (name.find_first_of("*?[\\") == std::string::npos) {
    if (const auto package = ask({"dpkg-query", "-S", "*/" + name}, ":,\n"))
      return fmt::format("install its debug package, {0}-dbgsym or {0}-dbg", *package);
  }
  if (const auto package = ask({"rpm", "-qf", "--qf", "%{NAME}\\n", real.string()}, "\n"))
    return fmt::format("run `dnf debuginfo-install {}`", *package);
  return "install its debug package (Debian: NAME-dbgsym or NAME-dbg; Fedora: `dnf "
         "debuginfo-install NAME`), or name the library before it was stripped";
}

}  // namespace splitstrip
