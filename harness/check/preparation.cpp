#include "check/preparation.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/call_sites_info.h"
#include "check/carried.h"
#include "check/core_file.h"
#include "check/staged_identity.h"
#include "facts/normalise.h"
#include "recipe/slug.h"
#include "subject/abi_break.h"
#include "subject/given_name.h"

namespace splitstrip {

namespace fs = std::filesystem;

Preparation::Preparation(Runner& runner, const Subject& subject, std::set<std::string> recipes,
                         const Needs& needs, fs::path work, fs::path root, const Limits& limits,
                         const synth::StackOptions& stacks)
    : runner_(runner),
      subject_(subject),
      recipes_(std::move(recipes)),
      needs_(needs),
      work_(std::move(work)),
      root_(std::move(root)),
      limits_(limits) {
  stack_options_.stacks = stacks;
  recipes_.insert(conventional);
  info_.name = subject.name;
  info_.path = subject.given.string();
  info_.notes = subject.notes;
  info_.build_id = subject.build_id;
  info_.arch = subject.machine;
}

void Preparation::start(std::function<void()> done) {
  auto finish = [self = shared_from_this(), done = std::move(done)] {
    self->runner_.compute(
        [self] {
          self->describe();
          if (self->needs_.synthetic_cores) self->lay_stacks();
        },
        [self, done] {
          if (self->needs_.core && self->pairs_.at(conventional).failure.empty()) {
            self->make_core(done);
          } else {
            done();
          }
        });
  };
  auto all = Countdown::of(needs_.broken_pair ? 2 : 1, std::move(finish));
  make_pairs(subject_.unstripped, work_ / "pairs", pairs_, [all] { all->done(); });
  if (needs_.broken_pair) plant_break([all] { all->done(); });
}

void Preparation::make_pairs(const fs::path& unstripped, const fs::path& directory,
                             std::map<std::string, MadePair>& pairs, std::function<void()> done) {
  auto all = Countdown::of(recipes_.size(), std::move(done));
  for (const auto& recipe : recipes_) {
    make_pair(runner_, unstripped, recipe, directory / recipe_slug(recipe), limits_,
              [self = shared_from_this(), &pairs, recipe, all](MadePair made) {
                made.failure = with_given_name(made.failure, self->subject_);
                pairs.emplace(recipe, std::move(made));
                all->done();
              });
  }
}

void Preparation::plant_break(std::function<void()> done) {
  const fs::path directory = work_ / "broken";
  const fs::path unstripped = directory / subject_.file_name;
  fs::create_directories(directory);
  runner_.compute(
      [self = shared_from_this(), unstripped] {
        try {
          self->broken_build_id_ = plant_abi_break(self->subject_.unstripped, unstripped).build_id;
        } catch (const std::exception& error) {
          self->break_failure_ = with_given_name(error.what(), self->subject_);
        }
      },
      [self = shared_from_this(), unstripped, directory, done = std::move(done)] {
        if (!self->break_failure_.empty()) return done();
        self->make_pairs(unstripped, directory, self->broken_pairs_, done);
      });
}

void Preparation::describe() {
  const MadePair& reference = pairs_.at(conventional);
  std::error_code ignored;
  if (reference.failure.empty()) {
    info_.main_bytes = fs::file_size(reference.pair.main, ignored);
    info_.debug_bytes = fs::file_size(reference.pair.debug, ignored);
  }
  for (const auto& [recipe, made] : pairs_) {
    for (const std::string& note : made.notes) {
      std::string named = with_given_name(note, subject_);
      // Each recipe strips, and says so.
      if (std::ranges::find(info_.notes, named) == info_.notes.end())
        info_.notes.push_back(std::move(named));
    }
  }
  for (auto& [recipe, made] : pairs_) {
    if (!made.failure.empty() || info_.typedata) continue;
    try {
      info_.typedata = carried_typedata(made.pair.main);
    } catch (const std::exception& error) {
      made.failure =
          fmt::format("recipe {}: {}", recipe,
                      replace_path(error.what(), made.pair.main.string(), subject_.given.string()));
    }
  }
}

void Preparation::lay_stacks() {
  try {
    stacks_ = SyntheticCores::of(subject_.unstripped, stack_options_);
    info_.call_sites = call_sites_info(stacks_->coverage());
  } catch (const std::exception& error) {
    stacks_failure_ = with_given_name(error.what(), subject_);
  }
}

std::vector<std::string> Preparation::synthetic_cores() const {
  return stacks_ ? stacks_->core_names() : std::vector<std::string>();
}

void Preparation::make_core(std::function<void()> done) {
  auto stage = std::make_shared<std::optional<Stage>>();
  runner_.compute(
      [self = shared_from_this(), stage] {
        try {
          // Without the debug file: nobody needs it here, and where there are no namespaces a
          // reader of the core finds what lies beside this stage's library.
          stage->emplace(self->content(conventional, false), self->work_ / "core-stage",
                         self->root_);
        } catch (const std::exception& error) {
          self->core_failure_ = error.what();
        }
      },
      [self = shared_from_this(), stage, done = std::move(done)] {
        if (!self->core_failure_.empty()) return done();
        const fs::path file = self->work_ / "core";
        const fs::path scratch = self->work_ / "core-scratch";
        fs::create_directories(scratch);
        write_core(self->runner_, **stage, *self->subject_.driver,
                   (*stage)->root() / "bin" / "driver", file, scratch, self->limits_,
                   [self, stage, file, done](std::string failure) {
                     self->core_failure_ = std::move(failure);
                     if (self->core_failure_.empty()) self->core_ = file;
                     done();
                   });
      });
}

std::string Preparation::failure(const std::string& recipe) const {
  const std::string& reference = pairs_.at(conventional).failure;
  return reference.empty() ? pairs_.at(recipe).failure : reference;
}

std::string Preparation::missing(const Needs& needs, const std::string& recipe) const {
  if (needs.core && !core_) return core_failure_;
  if (needs.synthetic_cores && !stacks_) return stacks_failure_;
  if (!needs.broken_pair) return {};
  return break_failure_.empty() ? broken_pairs_.at(recipe).failure : break_failure_;
}

StageContent Preparation::content(const std::string& recipe, bool with_debug,
                                  FoundBy found_by) const {
  const auto library = [](const MadePair& made, bool debug) {
    return StageLibrary{made.pair.main, debug ? std::optional(made.pair.debug) : std::nullopt};
  };
  StageContent content;
  content.file_name = subject_.file_name;
  content.build_id = subject_.build_id;
  content.library = library(pairs_.at(recipe), with_debug);
  content.found_by = found_by;
  content.debuglink = debug_link_name(content.library.main);
  content.set_build_id = give_build_id;
  if (subject_.driver) content.driver = subject_.driver->program;
  content.alt_recorded = subject_.alt_recorded;
  content.alt_file = subject_.alt_file;
  if (subject_.alt_file) content.alt_build_id = build_id_of(*subject_.alt_file);
  for (const auto& [name, directory, file] : subject_.dwo_files)
    content.dwo_files.push_back({name, directory, file});
  content.dwp_file = subject_.dwp_file;
  content.core = core_;
  if (stacks_)
    content.write_synthetic_cores = [self = shared_from_this()](
                                        const fs::path& main, const fs::path& seen_main,
                                        const fs::path& directory, const fs::path& seen_directory) {
      self->stacks_->write(main, seen_main, directory, seen_directory);
    };
  if (needs_.reference_pair) content.reference = library(pairs_.at(conventional), true);
  if (const auto broken = broken_pairs_.find(recipe);
      broken != broken_pairs_.end() && broken->second.failure.empty()) {
    content.broken = library(broken->second, with_debug);
    content.broken_build_id = broken_build_id_;
  }
  return content;
}

}  // namespace splitstrip
