#include "report/result.h"

#include <ctime>
#include <fstream>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

namespace splitstrip {
namespace {

// The value of NAME=value or NAME="value" in os-release(5), without its quotes.
std::string os_release(const std::string& name) {
  for (const auto* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
      if (!line.starts_with(name + "=")) continue;
      auto value = line.substr(name.size() + 1);
      if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
          value.back() == value.front())
        value = value.substr(1, value.size() - 2);
      return value;
    }
  }
  return {};
}

}  // namespace

Summary summarise(const std::vector<CellResult>& cells, std::vector<std::string> required) {
  Summary summary;
  summary.required = std::move(required);
  std::set<std::string_view> silent(summary.required.begin(), summary.required.end());
  const std::set<std::string_view> wanted = silent;
  RequiredUnmet unmet;
  for (const auto& cell : cells) {
    summary.counts.add(cell.outcome);
    silent.erase(cell.consumer);
    if (standing(cell.outcome) == Standing::unproven && wanted.contains(cell.consumer))
      ++(cell.outcome == Outcome::unstable ? unmet.unstable : unmet.silent);
  }
  unmet.silent += silent.size();
  summary.verdict = judge(summary.counts, unmet);
  summary.exit = exit_code(summary.verdict);
  return summary;
}

Host this_host() {
  Host host;
  utsname names{};
  if (uname(&names) == 0) {
    host.machine = names.machine;
    host.kernel = names.release;
  }
  host.distribution = os_release("PRETTY_NAME");
  return host;
}

std::string iso8601_utc(std::int64_t seconds_since_epoch) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(static_cast<std::time_t>(seconds_since_epoch)));
}

}  // namespace splitstrip
