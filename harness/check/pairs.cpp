#include "check/pairs.h"

#include <memory>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// The last line of what the child complained of, without the prefix that names the program.
std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  text.erase(0, text.rfind('\n') + 1);
  constexpr std::string_view prefix = "splitstrip: ";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  return text;
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
    if (ending.how != Ending::How::exited || ending.code != 0 || !fs::exists(made.pair.main) ||
        !fs::exists(made.pair.debug)) {
      const std::string complaint = last_line(ending.errors_tail);
      made.failure =
          fmt::format("recipe {}: {}", recipe, complaint.empty() ? describe(ending) : complaint);
    }
    done(std::move(made));
  };
  runner.start(std::move(job));
}

}  // namespace splitstrip
