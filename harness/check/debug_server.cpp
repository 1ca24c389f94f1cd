#include "check/debug_server.h"

#include <charconv>

#include <fmt/format.h>

#include "consumers/answers.h"
#include "run/debuginfod.h"
#include "run/paths.h"
#include "run/program.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds longest_answer{10};

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

DebugServer::DebugServer(Runner& runner, const Stage& stage, const fs::path& scratch,
                         std::function<void()> ready)
    : build_id_(stage.build_id()), debug_(stage.served_debug()), ready_(std::move(ready)) {
  // The loop's thread has to come back to the caller first.
  const auto fail_later = [&](std::string why) {
    runner.compute([] {},
                   [this, alive = alive_, why = std::move(why)] {
                     if (*alive) settle(why);
                   });
  };
  if (!program_exists("debuginfod")) {
    failed_as_ = Outcome::unavailable;
    fail_later("debuginfod is not installed; install debuginfod (Fedora: elfutils-debuginfod)");
    return;
  }
  if (build_id_.empty()) {
    fail_later("debuginfod knows debug files by their build-id, and the library has none");
    return;
  }
  fs::create_directories(scratch);
  Runner::Job job;
  job.command.argv = {helper_program("splitstrip-debuginfod"), stage.served(), scratch, build_id_};
  if (debug_) job.command.argv.push_back(*debug_);
  job.scratch = scratch;
  job.answer = [this, alive = alive_](std::string_view bytes) {
    if (*alive) take_line(bytes);
  };
  job.ended = [this, alive = alive_](const Ending& ending) {
    if (!*alive) return;
    const auto complaint = last_line(ending.errors_tail);
    settle(complaint.empty() ? fmt::format("debuginfod: {}", describe(ending)) : complaint);
  };
  service_ = runner.serve(std::move(job));
}

void DebugServer::take_line(std::string_view bytes) {
  constexpr std::string_view ready = "ready ";
  if (port_ != 0 || said_.size() > 100) return;
  said_ += bytes;
  if (!said_.ends_with('\n') || !said_.starts_with(ready)) return;
  std::from_chars(said_.data() + ready.size(), said_.data() + said_.size(), port_);
  settle("");
}

void DebugServer::settle(std::string failure) {
  failure_ = std::move(failure);
  if (const auto ready = std::exchange(ready_, nullptr)) ready();
}

std::vector<std::pair<std::string, std::string>> DebugServer::environment(
    const fs::path& scratch) const {
  return {{"DEBUGINFOD_URLS", fmt::format("http://127.0.0.1:{}", port_)},
          {"DEBUGINFOD_CACHE_PATH", (scratch / "debuginfod").string()},
          {"DEBUGINFOD_TIMEOUT", "10"},
          {"DEBUGINFOD_MAXTIME", "60"}};
}

std::function<std::string()> DebugServer::second_look() const {
  if (!failure_.empty()) return [failure = failure_] { return failure; };
  return [port = port_, build_id = build_id_, debug = debug_]() -> std::string {
    try {
      // Missing it may be: some debug files it does not take for such.
      const Served served = ask_debuginfod(port, build_id, debug, longest_answer);
      return served.how == Served::How::wrong ? "debuginfod: " + served.why : "";
    } catch (const std::exception& error) {
      return std::string("debuginfod: ") + error.what();
    }
  };
}

}  // namespace splitstrip
