#include "check/shown_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "facts/atomic_file.h"

namespace splitstrip {
namespace {

// What of a long command stays: the program and its first options.
constexpr std::size_t most_of_beginning = 400;

}  // namespace

std::vector<std::string> shown_command(const std::vector<std::string>& argv,
                                       const std::filesystem::path& file,
                                       const std::filesystem::path& base) {
  std::size_t length = 0, kept = 0;
  for (const auto& word : argv) {
    length += word.size() + 1;
    if (length <= most_of_beginning) ++kept;
  }
  if (length <= longest_shown_command || kept == 0) return argv;
  const bool lines = std::ranges::none_of(
      argv, [](const auto& word) { return word.find('\n') != std::string::npos; });
  std::string arguments;
  for (auto word = argv.begin() + static_cast<std::ptrdiff_t>(kept); word != argv.end(); ++word)
    arguments.append(*word).append(1, lines ? '\n' : '\0');
  std::filesystem::create_directories(file.parent_path());
  write_file(file, arguments);

  std::vector<std::string> shown{"xargs"};
  // So many at once, or none: xargs would else divide among several runs what is too much for one.
  for (const auto& word :
       {std::string("-x"), std::string("-n"), fmt::format("{}", argv.size() - kept),
        std::string("-s"), fmt::format("{}", length + 100)})
    shown.push_back(word);
  if (lines)
    shown.insert(shown.end(), {"-d", "\\n"});
  else
    shown.emplace_back("-0");
  shown.insert(shown.end(), {"-a", file.lexically_relative(base).string()});
  shown.insert(shown.end(), argv.begin(), argv.begin() + static_cast<std::ptrdiff_t>(kept));
  return shown;
}

}  // namespace splitstrip
