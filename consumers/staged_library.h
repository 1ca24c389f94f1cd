// For tests: a library made into a pair, staged, and a consumer asked about it, as a check does it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "consumers/consumer.h"
#include "consumers/test_sink.h"
#include "run/scratch.h"
#include "run/stage.h"

namespace splitstrip::testing_support {

struct Asked {
  std::string recipe = "conventional";
  bool withheld = false;  // the debug file is taken away
  Isolation isolation = Isolation::when_possible;
  FoundBy found_by = FoundBy::build_id;
  // The synthetic cores are of a process that loaded this library instead, from elsewhere.
  std::optional<std::filesystem::path> other_process = std::nullopt;
};

struct Answered {
  std::vector<TestFact> facts;  // sorted
  QueryEnd end;
  Ending ending;

  // The value of the fact with that key; empty if there is none.
  std::string value(std::string_view key) const;
  // The keys that begin so.
  std::vector<std::string> keys(std::string_view beginning) const;
};

class StagedLibrary {
 public:
  explicit StagedLibrary(const std::filesystem::path& unstripped,
                         std::optional<Driver> driver = std::nullopt);

  // Fails the test if the consumer is not available.
  Answered ask(const Consumer& consumer, const std::string& query, const Asked& asked = {});

 private:
  ScratchDirectory directory_;
  Subject subject_;
  int count_ = 0;
};

}  // namespace splitstrip::testing_support
