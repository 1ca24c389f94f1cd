// The debuginfod of one variant, as the check sees it: starting, serving, gone wrong.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/answer.h"
#include "run/runner.h"
#include "run/stage.h"

namespace splitstrip {

// For use on the loop's thread.
class DebugServer {
 public:
  // Starts it with what `stage` has for it. `scratch`, which is created, is its alone. `ready` is
  // called once, when it serves or has failed; not if this object goes before.
  DebugServer(Runner& runner, const Stage& stage, const std::filesystem::path& scratch,
              std::function<void()> ready);
  // Ends it.
  ~DebugServer() { *alive_ = false; }
  DebugServer(const DebugServer&) = delete;
  DebugServer& operator=(const DebugServer&) = delete;

  // Why consumers cannot be sent there, or what has gone wrong since they were; empty if nothing.
  const std::string& failure() const { return failure_; }
  // Of a failure: `unavailable` if there is no debuginfod here, else `error`.
  Outcome failed_as() const { return failed_as_; }

  // For the consumers: where to ask, how long to wait, and where below their `scratch` to keep what
  // they are sent, so that none has it of another. debuginfod-find(1), "ENVIRONMENT".
  std::vector<std::pair<std::string, std::string>> environment(
      const std::filesystem::path& scratch) const;

  // Something that asks the server whether it still serves what it did, and returns what is wrong,
  // or an empty text. For any thread; does not refer to this object.
  std::function<std::string()> second_look() const;

 private:
  void take_line(std::string_view bytes);
  void settle(std::string failure);

  std::string build_id_;
  std::optional<std::filesystem::path> debug_;
  std::function<void()> ready_;
  std::string said_;
  unsigned port_ = 0;
  std::string failure_;
  Outcome failed_as_ = Outcome::error;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unique_ptr<Runner::Service> service_;
};

}  // namespace splitstrip
