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

// What every consumer of debug files owes; each fails the test where it does not hold. `stages` are
// those in which the consumer can be asked.
using Stages = std::vector<Isolation>;
inline const Stages every_stage{Isolation::when_possible, Isolation::never};
// That a second run says the same, whatever the stage.
void expect_the_same_on_every_run(StagedLibrary& staged, const Consumer& consumer,
                                  const std::string& query, const Stages& stages = every_stage);
// That without the debug file fewer facts are answered than with it; none if `all` depend on it.
void expect_it_needs_the_debug_file(StagedLibrary& staged, const Consumer& consumer,
                                    const std::string& query, bool all,
                                    const Stages& stages = every_stage);
// That typedata in main takes nothing from the answer.
void expect_everything_beside_typedata(StagedLibrary& staged, const Consumer& consumer,
                                       const std::string& query);

// A library with all that debuggers are asked about: types of each sort, a static and a thread's
// own variable, a constant, an inlined call, a static function and an exported one.
extern const char* const small_library;

}  // namespace splitstrip::testing_support
