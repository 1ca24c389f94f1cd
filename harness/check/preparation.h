// What a subject's stages are made of: a pair by each recipe, the same of a copy with a planted ABI
// break, the core file of its driver, and made-up stacks, as far as the consumers need them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "check/countdown.h"
#include "check/pairs.h"
#include "consumers/consumer.h"
#include "report/result.h"
#include "run/runner.h"
#include "run/stage.h"
#include "subject/subject.h"
#include "synth/synthetic_cores.h"

namespace splitstrip {

// The recipe that every other is held against.
inline const std::string conventional = "conventional";

class Preparation : public std::enable_shared_from_this<Preparation> {
 public:
  // `recipes` besides the conventional one. Files go below `work`, which is this subject's alone;
  // `root` is $ROOT. All references live as long as this object.
  Preparation(Runner& runner, const Subject& subject, std::set<std::string> recipes,
              const Needs& needs, std::filesystem::path work, std::filesystem::path root,
              const Limits& limits, const synth::StackOptions& stacks);

  // Queues the work; `done` is called on the loop's thread when all is made or has failed. What
  // follows holds from then on.
  void start(std::function<void()> done);

  // Why there is no pair by `recipe` to hold against the conventional one; empty if there is.
  std::string failure(const std::string& recipe) const;
  // Why `needs` cannot be met for `recipe`; empty if they can.
  std::string missing(const Needs& needs, const std::string& recipe) const;
  bool has_core() const { return core_.has_value(); }
  // File names of the synthetic cores; none unless they were needed and could be made.
  std::vector<std::string> synthetic_cores() const;

  // For a stage with the pair by `recipe`, or with its main alone.
  StageContent content(const std::string& recipe, bool with_debug,
                       FoundBy found_by = FoundBy::build_id) const;

  // Sizes of the conventional pair, and the typedata of the first recipe that made any.
  const SubjectInfo& info() const { return info_; }

 private:
  void make_pairs(const std::filesystem::path& unstripped, const std::filesystem::path& directory,
                  std::map<std::string, MadePair>& pairs, std::function<void()> done);
  void plant_break(std::function<void()> done);
  void describe();
  void make_core(std::function<void()> done);
  void lay_stacks();

  Runner& runner_;
  const Subject& subject_;
  std::set<std::string> recipes_;
  Needs needs_;
  std::filesystem::path work_;
  std::filesystem::path root_;
  Limits limits_;
  SyntheticCores::Options stack_options_;

  std::map<std::string, MadePair> pairs_, broken_pairs_;  // by recipe
  std::string break_failure_, core_failure_, stacks_failure_;
  std::string broken_build_id_;
  std::optional<std::filesystem::path> core_;
  std::optional<SyntheticCores> stacks_;
  SubjectInfo info_;
};

}  // namespace splitstrip
