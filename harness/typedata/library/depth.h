// How deep the functions of Comparer are within each other, and how much they may do in all.
#pragma once

#include "typedata/library/comparer.h"

namespace splitstrip::library {

class Comparer::Deeper {
 public:
  explicit Deeper(Comparer& comparer) : comparer_(comparer) {
    ++comparer_.depth_;
    ++comparer_.steps_;
  }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  ~Deeper() { --comparer_.depth_; }

  bool allowed() const {
    constexpr unsigned deepest = 100;
    constexpr std::uint64_t most = 200'000;
    return comparer_.depth_ <= deepest && comparer_.steps_ <= most;
  }

 private:
  Comparer& comparer_;
};

}  // namespace splitstrip::library
