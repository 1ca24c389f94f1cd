#include "run/environment.h"

#include <cstdlib>
#include <map>

#include <fmt/format.h>

namespace splitstrip {

std::vector<std::string> command_environment(
    const std::filesystem::path& scratch,
    const std::vector<std::pair<std::string, std::string>>& own) {
  const char* path = std::getenv("PATH");
  std::map<std::string, std::string> all = {
      {"PATH",
       path != nullptr && *path != '\0' ? path : "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"},
      {"LC_ALL", "C.UTF-8"},
      {"TZ", "UTC0"},
      {"TERM", "dumb"},
      {"HOME", scratch.string()},
      {"TMPDIR", scratch.string()},
      {"XDG_CACHE_HOME", scratch.string()},
      // A script beside a read-only library must not try to leave its __pycache__ there.
      {"PYTHONDONTWRITEBYTECODE", "1"},
      // Set iteration and the like come out in the same order on every run.
      {"PYTHONHASHSEED", "0"},
  };
  for (const auto& [name, value] : own) all[name] = value;
  std::vector<std::string> strings;
  strings.reserve(all.size());
  for (const auto& [name, value] : all) strings.push_back(fmt::format("{}={}", name, value));
  return strings;
}

}  // namespace splitstrip
