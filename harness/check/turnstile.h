// Lets so many in at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace splitstrip {

// For use on one thread.
class Turnstile {
 public:
  explicit Turnstile(std::size_t places) : places_(places == 0 ? 1 : places) {}

  // Calls `then` as soon as there is a place, perhaps at once; the caller keeps the place until
  // leave().
  void enter(std::function<void()> then) {
    waiting_.push_back(std::move(then));
    let_in();
  }

  void leave() {
    ++places_;
    let_in();
  }

 private:
  void let_in() {
    while (places_ > 0 && !waiting_.empty()) {
      --places_;
      const auto then = std::move(waiting_.front());
      waiting_.pop_front();
      then();
    }
  }

  std::size_t places_;
  std::deque<std::function<void()>> waiting_;
};

}  // namespace splitstrip
