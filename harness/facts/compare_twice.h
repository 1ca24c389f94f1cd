// Two sides that were asked the same twice: what differs between them both times, and what either
// of them answered otherwise the second time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "facts/compare.h"

namespace splitstrip {

// The fact files of one side.
struct AskedTwice {
  std::filesystem::path first;
  std::filesystem::path second;
};

// A fact that one side told otherwise when it was asked again.
struct UnsteadyFact {
  std::string side;  // "reference" or "candidate"
  std::string key;
  std::optional<std::string> first;   // absent: told the second time alone
  std::optional<std::string> second;  // absent: told the first time alone
};

struct TwiceCompared {
  // The differences that came both times, value for value: a value that the reference told twice
  // and the candidate never is changed or lost. Of the counts, `facts` and `evidence` are left 0.
  Comparison repeated;
  std::uint64_t unsteady = 0;          // facts that a side told otherwise the second time
  std::vector<UnsteadyFact> examples;  // the first kept_differences of them, in key order
};

// Streams, as compare() does. Throws Error on a file that cannot be read.
TwiceCompared compare_twice(const AskedTwice& reference, const AskedTwice& candidate);

}  // namespace splitstrip
