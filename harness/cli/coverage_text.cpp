#include "cli/coverage_text.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace splitstrip {
namespace {

constexpr std::size_t first_names = 5;

std::string untyped_text(const Coverage& coverage, bool all_names) {
  std::map<std::string_view, std::vector<std::string_view>> names_of;
  for (const Untyped& untyped : coverage.untyped) names_of[untyped.reason].push_back(untyped.name);
  std::vector<std::pair<std::string_view, std::vector<std::string_view>>> reasons(names_of.begin(),
                                                                                  names_of.end());
  std::ranges::stable_sort(reasons, std::ranges::greater(),
                           [](const auto& reason) { return reason.second.size(); });
  std::string text;
  for (const auto& [reason, names] : reasons) {
    const std::size_t shown = all_names ? names.size() : std::min(first_names, names.size());
    text += fmt::format("  {} untyped, {}: {}", names.size(), reason,
                        fmt::join(std::span(names).first(shown), ", "));
    if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
    text += '\n';
  }
  return text;
}

}  // namespace

std::string size_text(std::uintmax_t bytes) {
  constexpr double kib = 1024;
  const auto size = static_cast<double>(bytes);
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  if (size < kib * kib) return fmt::format("{:.1f} KiB", size / kib);
  return fmt::format("{:.1f} MiB", size / kib / kib);
}

std::string coverage_text(const TypedataResult& typedata, std::uintmax_t main_bytes,
                          bool all_names) {
  const Coverage& coverage = typedata.coverage;
  std::string text = fmt::format(
      "  .gnu_typedata is {} ({:.1f} % of main): {} of {} exported functions typed, {} of {} "
      "objects\n",
      size_text(typedata.section.size()),
      main_bytes == 0
          ? 0.0
          : 100.0 * static_cast<double>(typedata.section.size()) / static_cast<double>(main_bytes),
      coverage.functions_typed, coverage.functions, coverage.objects_typed, coverage.objects);
  return text + untyped_text(coverage, all_names);
}

}  // namespace splitstrip
