// For tests: a pair made by hand, real gdb run on it, and its answers.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip::testing_support {

struct Answers {
  std::map<std::string, std::map<std::string, std::string>> facts;  // by query, by key
  std::vector<std::string> repeated;                                // keys that came more than once
  std::vector<QueryEnd> ends;
  std::string errors;  // what gdb wrote to standard error
};

// What `consumer` answers to `queries` about `pair`. Each planned command is run to its end, at
// most two minutes, in the machine as it is.
Answers ask(const Consumer& consumer, const Subject& subject, const StagedPair& pair,
            const std::vector<std::string>& queries);

}  // namespace splitstrip::testing_support
