// Whether mount namespaces can be had here: found out by making one, since whatever else one asks
// (ids, sysctls, capabilities) is not what decides in containers and under AppArmor.
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "facts/error.h"
#include "run/paths.h"
#include "run/runner.h"
#include "run/scratch.h"
#include "run/stage.h"

namespace splitstrip {

namespace fs = std::filesystem;

bool can_isolate(std::string* why) {
  const char* forbidden = std::getenv("SPLITSTRIP_NO_NAMESPACE");
  if (forbidden != nullptr && std::string_view(forbidden) == "1") {
    if (why != nullptr) *why = "SPLITSTRIP_NO_NAMESPACE=1 is set";
    return false;
  }
  static const std::string obstacle = []() -> std::string {
    std::error_code none;
    if (!fs::is_directory("/usr/lib/debug", none))
      return "there is no /usr/lib/debug to put a debug file; make that directory";
    try {
      const ScratchDirectory scratch;
      Stage stage;
      stage.isolated_ = true;
      for (const char* name : {"debug", "tree", "root", "run"})
        fs::create_directory(scratch.path() / name);
      stage.mounts_ = {{scratch.path() / "tree", scratch.path() / "root", true},
                       {scratch.path() / "debug", "/usr/lib/debug", true}};
      Runner runner(1, Runner::Signals::as_others);
      Runner::Job job;
      job.command.argv = {helper_program("splitstrip-stage").string(), "--probe"};
      job.limits.timeout = std::chrono::seconds(10);
      job.scratch = scratch.path() / "run";
      job.stage = &stage;
      std::string reason = "the probe did not end";
      job.ended = [&](const Ending& ending) {
        reason = ending.reason;
        if (reason.empty() && (ending.how != Ending::How::exited || ending.code != 0))
          reason = "the probe failed";
      };
      runner.start(std::move(job));
      runner.run();
      return reason;
    } catch (const std::exception& error) {
      return error.what();
    }
  }();
  if (why != nullptr) *why = obstacle;
  return obstacle.empty();
}

}  // namespace splitstrip
