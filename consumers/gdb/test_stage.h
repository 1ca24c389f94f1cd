// For tests: a conventional pair in a real stage, real gdb run on it, and its answers.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "consumers/consumer.h"
#include "run/command.h"
#include "run/scratch.h"
#include "run/stage.h"

namespace splitstrip::testing_support {

struct Answers {
  std::map<std::string, std::map<std::string, std::string>> facts;  // by query, by key
  std::vector<std::string> repeated;                                // keys that came more than once
  std::vector<QueryEnd> ends;
  std::string errors;  // the last that gdb wrote to standard error
};

class GdbStage {
 public:
  // `driver` may be empty.
  GdbStage(std::filesystem::path unstripped, std::filesystem::path driver, Driver what = {});

  // A place for files of the test's own.
  std::filesystem::path file(const char* name) const { return scratch_.path() / name; }

  void withhold_debug() { content_.library.debug.reset(); }
  // Has gdb write the core file that `core` is asked about, of the driver where it waits.
  void write_core();

  Answers ask(const std::vector<std::string>& queries);

 private:
  StagedPair pair(const Stage& stage) const;
  Ending execute(const Stage& stage, Command command,
                 const std::function<void(std::string_view)>& answer) const;

  ScratchDirectory scratch_;
  Subject subject_;
  StageContent content_;
  int stages_ = 0;
};

}  // namespace splitstrip::testing_support
