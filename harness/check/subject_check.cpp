#include "check/subject_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/carried.h"
#include "check/core_file.h"
#include "check/judge.h"
#include "check/staged_identity.h"
#include "facts/error.h"
#include "subject/abi_break.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t reference = 0;
constexpr std::size_t withheld = 1;
constexpr std::size_t first_recipe = 2;

// The recipe that every other is held against.
const std::string conventional = "conventional";

// Directories of the same length for every variant: their paths lie on the stack of whatever runs
// there, and what a debugger reads in an uninitialised variable depends on how long they are.
std::string same_length(const std::string& variant) {
  return fmt::format("{:_<24}", variant);
}

// A query that was not put to a variant, because the reference had no answer, counts as not asked.
const Answer& answer_to(const Answers& answers, const std::string& query) {
  static const Answer not_asked;
  const auto found = answers.find(query);
  return found == answers.end() ? not_asked : found->second;
}

}  // namespace

SubjectCheck::SubjectCheck(Runner& runner, const Subject& subject, const std::vector<Asked>& asked,
                           const CheckOptions& options, const fs::path& work,
                           const fs::path& output, CheckObserver& observer)
    : runner_(runner),
      subject_(subject),
      asked_(asked),
      options_(options),
      work_(work / subject.name),
      root_(work / "root"),
      output_(output),
      observer_(observer) {
  info_.name = subject.name;
  info_.path = subject.given.string();
  info_.build_id = subject.build_id;
  info_.arch = subject.machine;
  variants_.push_back({"reference", conventional, nullptr, ""});
  variants_.push_back({"withheld", conventional, nullptr, ""});
  for (const auto& recipe : options.recipes) variants_.push_back({recipe, recipe, nullptr, ""});
  answers_.assign(asked.size(), std::vector<Answers>(variants_.size()));
  plan_cells();
}

std::vector<std::string> SubjectCheck::applicable(const Asked& asked) const {
  std::vector<std::string> names;
  for (const auto& query : asked.queries) {
    if ((!query.needs_driver || subject_.driver) && asked.consumer.concerns(query.name, subject_))
      names.emplace_back(query.name);
  }
  return names;
}

void SubjectCheck::plan_cells() {
  for (const auto& recipe : options_.recipes) {
    for (const auto& asked : asked_) {
      for (const auto& query : applicable(asked)) {
        CellResult cell;
        cell.subject = subject_.name;
        cell.recipe = recipe;
        cell.consumer = asked.consumer.name();
        cell.query = query;
        cell.reason = "was not asked";
        cells_.push_back(std::move(cell));
      }
    }
  }
}

Needs SubjectCheck::needs() const {
  Needs all;
  for (const auto& asked : asked_) {
    if (!asked.found.available) continue;
    for (const auto& query : applicable(asked)) {
      const Needs one = asked.consumer.needs(query);
      all.reference_pair |= one.reference_pair;
      all.broken_pair |= one.broken_pair;
      all.core |= one.core;
    }
  }
  return all;
}

Limits SubjectCheck::limits() const {
  Limits limits;
  limits.timeout = options_.timeout;
  return limits;
}

std::set<std::string> SubjectCheck::pairs_wanted() const {
  std::set<std::string> recipes = {conventional};
  recipes.insert(options_.recipes.begin(), options_.recipes.end());
  return recipes;
}

void SubjectCheck::start() {
  const auto recipes = pairs_wanted();
  const bool broken = needs().broken_pair;
  auto all = Countdown::of(recipes.size() + (broken ? 1 : 0),
                           [self = shared_from_this()] { self->pairs_made(); });
  for (const auto& recipe : recipes) {
    make_pair(runner_, subject_.unstripped, recipe, work_ / "pairs" / recipe, limits(),
              [self = shared_from_this(), recipe, all](MadePair made) {
                self->pairs_.emplace(recipe, std::move(made));
                all->done();
              });
  }
  if (broken) make_broken_pairs(all);
}

void SubjectCheck::make_broken_pairs(std::shared_ptr<Countdown> all) {
  const fs::path directory = work_ / "broken";
  const fs::path unstripped = directory / subject_.file_name;
  fs::create_directories(directory);
  runner_.compute(
      [self = shared_from_this(), unstripped] {
        try {
          self->broken_build_id_ = plant_abi_break(self->subject_.unstripped, unstripped).build_id;
        } catch (const std::exception& error) {
          self->break_failure_ = error.what();
        }
      },
      [self = shared_from_this(), unstripped, directory, all] {
        if (!self->break_failure_.empty()) return all->done();
        const auto recipes = self->pairs_wanted();
        auto each = Countdown::of(recipes.size(), [all] { all->done(); });
        for (const auto& recipe : recipes) {
          make_pair(self->runner_, unstripped, recipe, directory / recipe, self->limits(),
                    [self, recipe, each](MadePair made) {
                      self->broken_pairs_.emplace(recipe, std::move(made));
                      each->done();
                    });
        }
      });
}

void SubjectCheck::pairs_made() {
  runner_.compute([self = shared_from_this()] { self->describe_pairs(); },
                  [self = shared_from_this()] {
                    if (self->needs().core && self->pairs_.at(conventional).failure.empty()) {
                      self->make_core([self] { self->stage_all(); });
                    } else {
                      self->stage_all();
                    }
                  });
}

void SubjectCheck::describe_pairs() {
  const MadePair& reference_pair = pairs_.at(conventional);
  std::error_code ignored;
  if (reference_pair.failure.empty()) {
    info_.main_bytes = fs::file_size(reference_pair.pair.main, ignored);
    info_.debug_bytes = fs::file_size(reference_pair.pair.debug, ignored);
  }
  for (auto& [recipe, made] : pairs_) {
    if (!made.failure.empty() || info_.typedata) continue;
    try {
      info_.typedata = carried_typedata(made.pair.main);
    } catch (const std::exception& error) {
      made.failure = fmt::format("recipe {}: {}", recipe, error.what());
    }
  }
}

void SubjectCheck::make_core(std::function<void()> then) {
  auto stage = std::make_shared<std::optional<Stage>>();
  runner_.compute(
      [self = shared_from_this(), stage] {
        try {
          stage->emplace(self->content(self->variants_[reference]), self->work_ / "core-stage",
                         self->root_);
        } catch (const std::exception& error) {
          self->core_failure_ = error.what();
        }
      },
      [self = shared_from_this(), stage, then = std::move(then)] {
        if (!self->core_failure_.empty()) return then();
        const fs::path file = self->work_ / "core";
        const fs::path scratch = self->work_ / "core-scratch";
        fs::create_directories(scratch);
        write_core(self->runner_, **stage, *self->subject_.driver,
                   (*stage)->root() / "bin" / "driver", file, scratch, self->limits(),
                   [self, stage, file, then](std::string failure) {
                     self->core_failure_ = std::move(failure);
                     if (self->core_failure_.empty()) self->core_ = file;
                     then();
                   });
      });
}

StageContent SubjectCheck::content(const Variant& variant) const {
  const auto library = [&](const MadePair& made, bool with_debug) {
    return StageLibrary{made.pair.main, with_debug ? std::optional(made.pair.debug) : std::nullopt};
  };
  const bool with_debug = &variant != &variants_[withheld];
  StageContent content;
  content.file_name = subject_.file_name;
  content.build_id = subject_.build_id;
  content.library = library(pairs_.at(variant.recipe), with_debug);
  content.debuglink = debug_link_name(content.library.main);
  content.set_build_id = give_build_id;
  if (subject_.driver) content.driver = subject_.driver->program;
  content.alt_recorded = subject_.alt_recorded;
  content.alt_file = subject_.alt_file;
  content.core = core_;
  const Needs wanted = needs();
  if (wanted.reference_pair) content.reference = library(pairs_.at(conventional), true);
  if (const auto broken = broken_pairs_.find(variant.recipe);
      broken != broken_pairs_.end() && broken->second.failure.empty()) {
    content.broken = library(broken->second, with_debug);
    content.broken_build_id = broken_build_id_;
  }
  return content;
}

void SubjectCheck::stage_all() {
  auto all = Countdown::of(variants_.size(), [self = shared_from_this()] { self->ask_all(); });
  for (auto& variant : variants_) {
    runner_.compute([self = shared_from_this(), &variant] { self->make_stage(variant); },
                    [all] { all->done(); });
  }
}

void SubjectCheck::make_stage(Variant& variant) {
  for (const auto& recipe : {conventional, variant.recipe}) {
    if (variant.failure.empty()) variant.failure = pairs_.at(recipe).failure;
  }
  if (!variant.failure.empty()) return;
  try {
    variant.stage = std::make_shared<Stage>(content(variant),
                                            work_ / "stages" / same_length(variant.name), root_);
  } catch (const std::exception& error) {
    variant.failure = error.what();
  }
}

void SubjectCheck::ask_all() {
  for (std::size_t consumer = 0; consumer < asked_.size(); ++consumer) {
    ask_variant(consumer, reference, applicable(asked_[consumer]),
                [self = shared_from_this(), consumer] { self->ask_others(consumer); });
  }
}

void SubjectCheck::ask_others(std::size_t consumer) {
  std::vector<std::string> answered;
  for (const auto& [query, answer] : answers_[consumer][reference]) {
    if (answer.answered()) answered.push_back(query);
  }
  auto all = Countdown::of(variants_.size() - 1, [self = shared_from_this(), consumer] {
    self->judge_consumer(consumer);
  });
  for (std::size_t variant = withheld; variant < variants_.size(); ++variant) {
    ask_variant(consumer, variant, answered, [all] { all->done(); });
  }
}

std::string SubjectCheck::missing(const Needs& wanted, const Variant& variant) const {
  if (wanted.core && !core_) return core_failure_;
  if (wanted.broken_pair) {
    if (!break_failure_.empty()) return break_failure_;
    if (const auto& failure = broken_pairs_.at(variant.recipe).failure; !failure.empty())
      return failure;
  }
  return {};
}

void SubjectCheck::ask_variant(std::size_t consumer, std::size_t index,
                               std::vector<std::string> queries, std::function<void()> done) {
  const Asked& asked = asked_[consumer];
  const Variant& variant = variants_[index];
  Answers& answers = answers_[consumer][index];
  const auto settle = [&](const std::string& query, Outcome outcome, const std::string& reason) {
    Answer answer;
    answer.ended = outcome;
    answer.reason = reason;
    answers.insert_or_assign(query, std::move(answer));
  };
  std::erase_if(queries, [&](const std::string& query) {
    if (!asked.found.available) {
      settle(query, Outcome::unavailable, asked.found.reason);
    } else if (!variant.failure.empty()) {
      settle(query, Outcome::error, variant.failure);
    } else if (const auto lacks = missing(asked.consumer.needs(query), variant); !lacks.empty()) {
      settle(query, Outcome::unavailable, lacks);
    } else {
      return false;
    }
    return true;
  });
  if (queries.empty()) {
    runner_.compute([] {}, std::move(done));
    return;
  }

  const std::string name(asked.consumer.name());
  StagedPair pair;
  pair.root = variant.stage->root();
  pair.library = pair.root / "lib" / subject_.file_name;
  if (subject_.driver) pair.driver = pair.root / "bin" / "driver";
  pair.debug_root = variant.stage->debug_root();
  pair.isolated = variant.stage->isolated();
  pair.scratch = work_ / "scratch" / same_length(variant.name) / name;
  const Needs wanted = needs();
  if (wanted.reference_pair) {
    pair.reference_library = pair.root / "reference" / "lib" / subject_.file_name;
    pair.reference_debug_root = pair.root / "reference" / "debug";
  }
  if (wanted.broken_pair) {
    pair.broken_library = pair.root / "broken" / "lib" / subject_.file_name;
    pair.broken_debug_root = pair.root / "broken" / "debug";
  }
  if (core_) pair.core = pair.root / "core";
  const fs::path facts = output_ / "facts" / subject_.name / variant.name / name;
  fs::create_directories(pair.scratch);
  fs::create_directories(facts);

  const std::string prefix = fmt::format("{} {} {} ", subject_.name, variant.name, name);
  Asking asking{asked.consumer,
                asked.found,
                subject_,
                std::move(pair),
                variant.stage,
                std::move(queries),
                facts,
                limits(),
                {},
                {}};
  asking.run_started = [this, prefix](const std::string& label) {
    observer_.run_started(prefix + label);
  };
  asking.run_ended = [this, prefix, key = asked.consumer.name()](const std::string& label,
                                                                 const Ending& ending) {
    consumer_cpu_[key] += ending.cpu_seconds;
    observer_.run_ended(prefix + label, ending);
  };
  ask(runner_, std::move(asking),
      [self = shared_from_this(), consumer, index, done = std::move(done)](Answers given) {
        self->answers_[consumer][index].merge(given);
        done();
      });
}

void SubjectCheck::judge_consumer(std::size_t consumer) {
  for (auto& cell : cells_) {
    if (cell.consumer != asked_[consumer].consumer.name()) continue;
    const auto index = static_cast<std::size_t>(
        std::find_if(variants_.begin() + first_recipe, variants_.end(),
                     [&](const auto& variant) { return variant.name == cell.recipe; }) -
        variants_.begin());
    runner_.compute(
        [self = shared_from_this(), &cell, consumer, index] {
          const auto& given = self->answers_[consumer];
          const Answer& candidate = answer_to(given[index], cell.query);
          try {
            judge(answer_to(given[reference], cell.query), answer_to(given[withheld], cell.query),
                  candidate, cell);
            const auto relative = [&](const std::string& path) {
              return path.empty() ? path
                                  : fs::path(path).lexically_relative(self->output_).string();
            };
            cell.facts_file = relative(candidate.facts.string());
            cell.output_file = relative(cell.output_file);
          } catch (const std::exception& error) {
            cell.outcome = Outcome::error;
            cell.reason = error.what();
          }
        },
        [self = shared_from_this(), &cell] { self->observer_.cell_done(cell); });
  }
}

}  // namespace splitstrip
