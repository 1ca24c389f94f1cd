#include "check/pairs.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// The lines that the child said, without the prefix that names the program.
std::vector<std::string> said(std::string_view text) {
  constexpr std::string_view prefix = "splitstrip: ";
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(prefix)) lines.emplace_back(line.substr(prefix.size()));
  }
  return lines;
}

}  // namespace

void make_pair(Runner& runner, const fs::path& unstripped, std::string_view recipe,
               const fs::path& directory, const Limits& limits,
               std::function<void(MadePair)> done) {
  MadePair made;
  made.pair.main = directory / unstripped.filename();
  made.pair.debug = made.pair.main.string() + ".debug";
  fs::create_directories(directory);
  const fs::path scratch = directory / "scratch";
  fs::create_directories(scratch);

  Runner::Job job;
  job.command.argv = {own_executable(), "split",    unstripped,         "-o",
                      directory,        "--recipe", std::string(recipe)};
  job.limits = limits;
  job.scratch = scratch;
  job.ended = [made = std::move(made), done = std::move(done), recipe = std::string(recipe),
               scratch](const Ending& ending) mutable {
    std::error_code ignored;
    fs::remove_all(scratch, ignored);
    std::vector<std::string> lines = said(ending.errors_tail);
    if (ending.how != Ending::How::exited || ending.code != 0 || !fs::exists(made.pair.main) ||
        !fs::exists(made.pair.debug)) {
      made.failure =
          fmt::format("recipe {}: {}", recipe, lines.empty() ? describe(ending) : lines.back());
    } else {
      made.notes = std::move(lines);
    }
    done(std::move(made));
  };
  runner.start(std::move(job));
}

}  // namespace splitstrip
