// What one consumer answered to one query about one pair.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "report/outcome.h"

namespace splitstrip {

struct Answer {
  // `same` stands for "answered": the other values this can have are unavailable, timeout, crashed
  // and error.
  Outcome ended = Outcome::error;
  std::string reason = "was not asked";  // unless answered: one line
  std::filesystem::path facts;           // a fact file; empty if there is none
  double seconds = 0;                    // this query's share of its run
  double cpu_seconds = 0;
  // Unless answered: that is the consumer's own doing, and nothing that the harness failed at.
  bool by_consumer = false;
  bool steady = false;               // told twice, the same each time
  std::vector<std::string> command;  // argv of the run
  bool reused = false;               // remembered from an earlier run
  std::filesystem::path output;      // what a failed run wrote to its standard error; else empty

  bool answered() const { return ended == Outcome::same; }
};

}  // namespace splitstrip
