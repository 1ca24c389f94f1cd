// Continues when the last of several things is done.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace splitstrip {

// For use on one thread. `then` is called by the last of `parts` calls of done().
class Countdown {
 public:
  static std::shared_ptr<Countdown> of(std::size_t parts, std::function<void()> then) {
    return std::shared_ptr<Countdown>(new Countdown(parts, std::move(then)));
  }

  void done() {
    if (--parts_ == 0) std::exchange(then_, nullptr)();
  }

 private:
  Countdown(std::size_t parts, std::function<void()> then)
      : parts_(parts), then_(std::move(then)) {}

  std::size_t parts_;
  std::function<void()> then_;
};

}  // namespace splitstrip
