#include "check/subject_check.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/judge.h"
#include "check/shown_command.h"
#include "facts/fact_file.h"
#include "recipe/recipe.h"
#include "recipe/slug.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t reference = 0;
constexpr std::size_t withheld = 1;

// Directories of the same length for every variant: their paths lie on the stack of whatever runs
// there, and what a debugger reads in an uninitialised variable depends on how long they are.
std::string same_length(const std::string& variant) {
  return fmt::format("{:_<{}}", recipe_slug(variant), longest_slug);
}

// A query that was not put to a variant, because the reference had no answer, counts as not asked.
const Answer& answer_to(const Answers& answers, const std::string& query) {
  static const Answer not_asked;
  const auto found = answers.find(query);
  return found == answers.end() ? not_asked : found->second;
}

bool keeps_types(const std::string& recipe) {
  const auto known = find_recipe(recipe);
  return known && known->typed;
}

}  // namespace

SubjectCheck::SubjectCheck(Runner& runner, const Subject& subject, const std::vector<Asked>& asked,
                           const CheckOptions& options, const Memory* memory, Turnstile& servers,
                           const fs::path& work, const fs::path& output, CheckObserver& observer)
    : runner_(runner),
      subject_(subject),
      asked_(asked),
      options_(options),
      // stap refuses to work below a directory with an @ in its name.
      work_(work / recipe_slug(subject.name)),
      root_(work / "root"),
      output_(output),
      observer_(observer),
      memory_(memory),
      servers_(servers) {
  variants_.push_back({"reference", conventional, FoundBy::build_id, true, {}, "", {}, {}});
  variants_.push_back({"withheld", conventional, FoundBy::build_id, false, {}, "", {}, {}});
  for (const Asked& one : asked) {
    applicable_.push_back(choose_applicable(one));
    unreadable_.push_back(one.consumer.cannot_read(subject_));
    auto& expectations = expectations_.emplace_back();
    for (const auto& query : applicable_.back()) {
      if (auto expected = one.consumer.expectation(query, subject_))
        expectations.emplace(query, std::move(*expected));
    }
    if (std::ranges::any_of(options.recipes, keeps_types)) continue;
    std::erase_if(applicable_.back(),
                  [&](const auto& query) { return expectations.contains(query); });
  }
  plan_cells();
  answers_.assign(asked.size(), std::vector<Answers>(variants_.size()));
  again_ = answers_;
  needs_ = all_needs();
}

std::vector<std::string> SubjectCheck::choose_applicable(const Asked& asked) const {
  std::vector<std::string> names;
  for (const auto& query : asked.queries) {
    if ((!query.needs_driver || subject_.driver) && asked.consumer.concerns(query.name, subject_))
      names.emplace_back(query.name);
  }
  return names;
}

std::string SubjectCheck::why_unread(const Asked& asked, const std::string& query) const {
  if (subject_.object && !asked.consumer.reads_objects(query))
    return "cannot ask this of an object file that is not linked (ET_REL)";
  return unreadable_[static_cast<std::size_t>(&asked - asked_.data())];
}

const std::vector<std::string>& SubjectCheck::applicable(const Asked& asked) const {
  return applicable_[static_cast<std::size_t>(&asked - asked_.data())];
}

// The index of that variant, which is added if there is none yet.
std::size_t SubjectCheck::plan_variant(const std::string& recipe, FoundBy found_by,
                                       bool with_debug) {
  const bool by_build_id = found_by == FoundBy::build_id;
  const auto& name = with_debug ? recipe : variants_[withheld].name;
  Variant wanted{by_build_id ? name : fmt::format("{}-by-{}", name, to_string(found_by)),
                 recipe,
                 found_by,
                 with_debug,
                 {},
                 "",
                 {},
                 {}};
  const auto known = std::ranges::find(variants_, wanted.name, &Variant::name);
  const auto index = static_cast<std::size_t>(known - variants_.begin());
  if (known == variants_.end()) variants_.push_back(std::move(wanted));
  return index;
}

SubjectCheck::Judged SubjectCheck::plan_judging(const std::string& recipe, FoundBy found_by) {
  const std::size_t candidate = plan_variant(recipe, found_by, true);
  if (found_by == FoundBy::build_id) return {withheld, std::nullopt, candidate};
  // Without its debug file a pair lies there in the same way whatever the way is, but for a server
  // that knows nothing.
  const std::size_t control =
      found_by == FoundBy::debuginfod ? plan_variant(conventional, found_by, false) : withheld;
  return {control, plan_variant(conventional, found_by, true), candidate};
}

bool SubjectCheck::has_expectation(std::size_t consumer, const std::string& query) const {
  return expectations_[consumer].contains(query);
}

bool SubjectCheck::is_wanted(std::size_t consumer, std::size_t variant,
                             const std::string& query) const {
  if (!has_expectation(consumer, query)) return true;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (judged_[i].candidate == variant && cells_[i].query == query &&
        cells_[i].consumer == asked_[consumer].consumer.name())
      return true;
  }
  return false;
}

void SubjectCheck::plan_cells() {
  for (const auto& recipe : options_.recipes) {
    const bool typed = keeps_types(recipe);
    for (const FoundBy found_by : options_.found_by) {
      const Judged judged = plan_judging(recipe, found_by);
      for (const auto& asked : asked_) {
        const auto consumer = static_cast<std::size_t>(&asked - asked_.data());
        for (const auto& query : applicable(asked)) {
          if (!typed && has_expectation(consumer, query)) continue;
          CellResult cell;
          cell.subject = subject_.name;
          cell.recipe = recipe;
          cell.found_by = to_string(found_by);
          cell.consumer = asked.consumer.name();
          cell.query = query;
          cell.reason = "was not asked";
          cells_.push_back(std::move(cell));
          judged_.push_back(judged);
        }
      }
    }
  }
}

Needs SubjectCheck::all_needs() const {
  Needs all;
  for (const auto& asked : asked_) {
    if (!asked.found.available) continue;
    for (const auto& query : applicable(asked)) {
      if (!why_unread(asked, query).empty()) continue;
      const Needs one = asked.consumer.needs(query);
      all.reference_pair |= one.reference_pair;
      all.broken_pair |= one.broken_pair;
      all.core |= one.core;
      all.synthetic_cores |= one.synthetic_cores;
    }
  }
  return all;
}

Limits SubjectCheck::limits() const {
  Limits limits;
  limits.timeout = options_.timeout;
  return limits;
}

void SubjectCheck::start() {
  preparation_ = std::make_shared<Preparation>(
      runner_, subject_, std::set<std::string>(options_.recipes.begin(), options_.recipes.end()),
      needs_, work_, root_, limits(), options_.stacks);
  preparation_->start([self = shared_from_this()] { self->stage_all(); });
}

void SubjectCheck::stage_all() {
  auto all = Countdown::of(variants_.size() + 1, [self = shared_from_this()] { self->ask_all(); });
  runner_.compute(
      [self = shared_from_this()] {
        if (self->memory_ != nullptr) self->fingerprint_ = fingerprint(self->subject_);
      },
      [all] { all->done(); });
  for (auto& variant : variants_) {
    runner_.compute([self = shared_from_this(), &variant] { self->make_stage(variant); },
                    [all] { all->done(); });
  }
}

void SubjectCheck::make_stage(Variant& variant) {
  variant.failure = preparation_->failure(variant.recipe);
  if (!variant.failure.empty()) return;
  try {
    const StageContent content =
        preparation_->content(variant.recipe, variant.with_debug, variant.found_by);
    const fs::path directory = work_ / "stages" / same_length(variant.name);
    variant.stage = std::make_shared<Stage>(content, directory, root_);
    if (memory_ != nullptr) variant.fingerprint = fingerprint(*variant.stage, content, directory);
  } catch (const std::exception& error) {
    variant.failure = error.what();
  }
}

Memory::Keys SubjectCheck::memory_keys(const Asked& asked, const std::string& query) const {
  if (memory_ == nullptr || !asked.found.available) return {};
  const Needs needs = asked.consumer.needs(query);
  const bool needs_driver = std::ranges::any_of(
      asked.queries, [&](const Query& one) { return one.name == query && one.needs_driver; });
  const auto consumer = static_cast<std::size_t>(&asked - asked_.data());
  std::vector<Memory::Asked> all;
  for (std::size_t index = 0; index < variants_.size(); ++index) {
    const Variant& variant = variants_[index];
    if (!variant.failure.empty()) return {};
    StageFingerprint seen = variant.fingerprint;
    if (!needs.reference_pair) seen.reference.clear();
    if (!needs.broken_pair) seen.broken.clear();
    if (needs.synthetic_cores)
      seen.synthetic =
          fmt::format("{} {}", options_.stacks.frames_per_stack, options_.stacks.all_addresses);
    all.push_back({asked.fingerprint, fingerprint_, std::move(seen),
                   index == reference   ? "reference"
                   : variant.with_debug ? "candidate"
                                        : "withheld",
                   query, fmt::format("{}", fmt::join(questions_[consumer], " "))});
  }
  return memory_->keys(all, needs_driver || needs.core);
}

Answers& SubjectCheck::answers(std::size_t consumer, std::size_t variant, Turn turn) {
  return (turn == Turn::first ? answers_ : again_)[consumer][variant];
}

fs::path SubjectCheck::facts_directory(std::size_t consumer, std::size_t variant, Turn turn) const {
  const auto first = output_ / "facts" / subject_.name / recipe_slug(variants_[variant].name) /
                     asked_[consumer].consumer.name();
  return turn == Turn::first ? first : first / "again";
}

// Fills in the answers that are remembered. Reads files: runs on a thread of the pool.
void SubjectCheck::recall(std::size_t consumer) {
  const Asked& asked = asked_[consumer];
  for (const auto& query : applicable(asked)) {
    const auto keys = memory_keys(asked, query);
    if (keys.of_variant.empty()) continue;
    std::vector<fs::path> files;
    for (std::size_t variant = 0; variant < variants_.size(); ++variant) {
      files.push_back(facts_directory(consumer, variant) / fmt::format("{}.facts.zst", query));
      fs::create_directories(files.back().parent_path());
    }
    auto found = memory_->recall(keys, files);
    for (std::size_t variant = 0; variant < variants_.size(); ++variant) {
      if (found[variant])
        answers_[consumer][variant].insert_or_assign(query, std::move(*found[variant]));
    }
  }
}

void SubjectCheck::remember(std::size_t consumer) const {
  for (const auto& query : questions_[consumer]) {
    const auto keys = memory_keys(asked_[consumer], query);
    if (keys.of_variant.empty()) continue;
    const bool unsteady = std::ranges::any_of(cells_, [&](const CellResult& cell) {
      return cell.consumer == asked_[consumer].consumer.name() && cell.query == query &&
             (cell.outcome == Outcome::unstable || !cell.unsteady.empty());
    });
    if (unsteady) {
      memory_->forget(keys);
      continue;
    }
    for (std::size_t variant = 0; variant < variants_.size(); ++variant)
      memory_->remember(keys.of_variant[variant], answer_to(answers_[consumer][variant], query));
  }
}

void SubjectCheck::ask_all() {
  consumers_left_ = asked_.size();
  for (const Asked& asked : asked_) {
    // What nobody can be asked is left out of everybody's questions.
    auto& questions = questions_.emplace_back();
    if (!asked.found.available) continue;
    for (const auto& query : applicable(asked)) {
      if (why_unread(asked, query).empty() &&
          preparation_->missing(asked.consumer.needs(query), conventional).empty())
        questions.push_back(query);
    }
  }
  for (std::size_t consumer = 0; consumer < asked_.size(); ++consumer) {
    runner_.compute([self = shared_from_this(), consumer] { self->recall(consumer); },
                    [self = shared_from_this(), consumer] {
                      self->ask_variant(consumer, reference,
                                        self->applicable(self->asked_[consumer]), Turn::first,
                                        [self, consumer] { self->ask_others(consumer); });
                    });
  }
}

void SubjectCheck::ask_others(std::size_t consumer) {
  std::map<std::size_t, std::vector<std::string>> wanted;
  for (std::size_t variant = withheld; variant < variants_.size(); ++variant) {
    for (const auto& query : questions_[consumer]) {
      if (answer_to(answers_[consumer][reference], query).answered() &&
          is_wanted(consumer, variant, query))
        wanted[variant].push_back(query);
    }
  }
  ask_variants(consumer, wanted, Turn::first,
               [self = shared_from_this(), consumer] { self->judge_consumer(consumer); });
}

void SubjectCheck::ask_variants(std::size_t consumer,
                                const std::map<std::size_t, std::vector<std::string>>& wanted,
                                Turn turn, std::function<void()> done) {
  auto all = Countdown::of(wanted.size() + 1, std::move(done));
  for (const auto& [variant, queries] : wanted) {
    auto ask_it = [self = shared_from_this(), consumer, variant, queries, turn, all] {
      self->ask_variant(consumer, variant, queries, turn, [all] { all->done(); });
    };
    const Answers& known = answers(consumer, variant, turn);
    const bool needs_server =
        variants_[variant].found_by == FoundBy::debuginfod && variants_[variant].failure.empty() &&
        !std::ranges::all_of(queries, [&](const auto& query) { return known.contains(query); });
    if (needs_server) {
      with_servers(std::move(ask_it));
    } else {
      ask_it();
    }
  }
  all->done();
}

void SubjectCheck::ask_again(std::size_t consumer, const std::vector<std::size_t>& cells) {
  std::map<std::size_t, std::vector<std::string>> wanted;
  const auto want = [&](std::size_t variant, const std::string& query) {
    auto& queries = wanted[variant];
    if (std::ranges::find(queries, query) == queries.end()) queries.push_back(query);
  };
  for (const std::size_t index : cells) {
    want(reference, cells_[index].query);
    want(judged_[index].candidate, cells_[index].query);
  }
  ask_variants(consumer, wanted, Turn::again, [self = shared_from_this(), consumer, cells] {
    self->judge_second_answers(consumer, cells);
  });
}

void SubjectCheck::finish(std::size_t consumer) {
  runner_.compute([self = shared_from_this(), consumer] { self->remember(consumer); },
                  [self = shared_from_this()] {
                    if (--self->consumers_left_ == 0) self->end_servers();
                  });
}

void SubjectCheck::with_servers(std::function<void()> then) {
  if (servers_are_ == ServersAre::running) return then();
  waiting_for_servers_.push_back(std::move(then));
  if (std::exchange(servers_are_, ServersAre::starting) == ServersAre::not_asked_for)
    servers_.enter([self = shared_from_this()] { self->start_servers(); });
}

void SubjectCheck::start_servers() {
  std::vector<Variant*> served;
  for (auto& variant : variants_) {
    if (variant.found_by == FoundBy::debuginfod && variant.failure.empty())
      served.push_back(&variant);
  }
  auto all = Countdown::of(served.size(), [self = shared_from_this()] {
    self->servers_are_ = ServersAre::running;
    for (const auto& then : std::exchange(self->waiting_for_servers_, {})) then();
  });
  for (Variant* variant : served) {
    variant->server = std::make_unique<DebugServer>(runner_, *variant->stage,
                                                    work_ / "servers" / same_length(variant->name),
                                                    [all] { all->done(); });
  }
}

void SubjectCheck::end_servers() {
  if (servers_are_ == ServersAre::not_asked_for) return;
  for (auto& variant : variants_) variant.server.reset();
  servers_.leave();
}

void SubjectCheck::mistrust(const std::string& failure, Answers& given) {
  if (failure.empty()) return;
  for (auto& [query, answer] : given) {
    answer.ended = Outcome::error;
    answer.reason = failure;
    answer.by_consumer = false;
  }
}

StagedPair SubjectCheck::seen_by_consumers(const Variant& variant) const {
  const Stage& stage = *variant.stage;
  StagedPair pair;
  pair.root = stage.root();
  pair.library = pair.root / "lib" / subject_.file_name;
  if (subject_.driver) pair.driver = pair.root / "bin" / "driver";
  pair.debug_root = stage.debug_root();
  pair.isolated = stage.isolated();
  pair.found_by = variant.found_by;
  if (needs_.reference_pair) {
    pair.reference_library = pair.root / "reference" / "lib" / subject_.file_name;
    pair.reference_debug_root = pair.root / "reference" / "debug";
  }
  if (needs_.broken_pair) {
    pair.broken_library = pair.root / "broken" / "lib" / subject_.file_name;
    pair.broken_debug_root = pair.root / "broken" / "debug";
  }
  if (preparation_->has_core()) pair.core = pair.root / "core";
  for (const auto& name : preparation_->synthetic_cores())
    pair.synthetic_cores.push_back(pair.root / synthetic_directory / name);
  return pair;
}

void SubjectCheck::ask_variant(std::size_t consumer, std::size_t index,
                               std::vector<std::string> wanted, Turn turn,
                               std::function<void()> done) {
  const Asked& asked = asked_[consumer];
  const Variant& variant = variants_[index];
  Answers& answers = this->answers(consumer, index, turn);
  const auto settle = [&](const std::string& query, Outcome outcome, const std::string& reason) {
    Answer answer;
    answer.ended = outcome;
    answer.reason = reason;
    answers.insert_or_assign(query, std::move(answer));
  };
  std::erase_if(wanted, [&](const std::string& query) {
    if (answers.contains(query)) return true;
    if (!asked.found.available) {
      settle(query, Outcome::unavailable, asked.found.reason);
    } else if (const auto why = why_unread(asked, query); !why.empty()) {
      settle(query, Outcome::unavailable, why);
    } else if (!variant.failure.empty()) {
      settle(query, Outcome::error, variant.failure);
    } else if (variant.server && !variant.server->failure().empty()) {
      settle(query, variant.server->failed_as(), variant.server->failure());
    } else if (const auto lacks =
                   preparation_->missing(asked.consumer.needs(query), variant.recipe);
               !lacks.empty()) {
      settle(query, Outcome::unavailable, lacks);
    } else {
      return false;
    }
    return true;
  });
  if (wanted.empty()) {
    runner_.compute([] {}, std::move(done));
    return;
  }

  const std::string name(asked.consumer.name());
  StagedPair pair = seen_by_consumers(variant);
  pair.scratch = work_ / "scratch" / same_length(variant.name) / name;
  const fs::path facts = facts_directory(consumer, index, turn);
  // As empty as it was the first time, and at the same path: what is asked again is the same.
  fs::remove_all(pair.scratch);
  fs::create_directories(pair.scratch);
  fs::create_directories(facts);

  const std::string prefix = fmt::format("{} {} {} ", subject_.name, variant.name, name);
  Asking asking{asked.consumer,
                asked.found,
                subject_,
                std::move(pair),
                variant.stage,
                questions_[consumer],
                std::move(wanted),
                facts,
                limits(),
                {},
                {},
                {}};
  if (variant.server) asking.environment = variant.server->environment(asking.pair.scratch);
  asking.run_started = [this, prefix](const std::string& label) {
    observer_.run_started(prefix + label);
  };
  asking.run_ended = [this, prefix, key = asked.consumer.name()](const std::string& label,
                                                                 const Ending& ending) {
    consumer_cpu_[key] += ending.cpu_seconds;
    observer_.run_ended(prefix + label, ending);
  };
  ask(runner_, std::move(asking),
      [self = shared_from_this(), consumer, index, turn, done = std::move(done)](Answers all) {
        const auto given = std::make_shared<Answers>(std::move(all));
        const auto& server = self->variants_[index].server;
        self->runner_.compute(
            [given, look = server ? server->second_look() : std::function<std::string()>()] {
              if (look) mistrust(look(), *given);
            },
            [self, consumer, index, turn, given, done] {
              self->answers(consumer, index, turn).merge(*given);
              done();
            });
      });
}

SubjectCheck::ExpectedFiles SubjectCheck::write_expected(std::size_t consumer,
                                                         const CellResult& cell) const {
  const Expectation& expected = expectations_[consumer].at(cell.query);
  // Of this cell alone: several are judged at once.
  const fs::path base = output_ / "facts" / subject_.name / "expected" /
                        recipe_slug(fmt::format("{}-by-{}", cell.recipe, cell.found_by)) /
                        asked_[consumer].consumer.name();
  const auto file = [&](const char* role, const std::vector<Fact>& facts) {
    fs::create_directories(base / role);
    FactCollector collector(base / role);
    for (const Fact& fact : facts) collector.add(cell.query, fact.key, fact.value);
    return collector.finish(cell.query).file;
  };
  return {file("candidate", expected.candidate), file("control", expected.control)};
}

Steady SubjectCheck::judge_cell(std::size_t consumer, std::size_t index, bool again) {
  CellResult& cell = cells_[index];
  const Judged& judged = judged_[index];
  const auto first = [&](std::size_t variant) -> const Answer& {
    return answer_to(answers_[consumer][variant], cell.query);
  };
  const auto twice = [&](std::size_t variant) {
    return Twice{first(variant), answer_to(again_[consumer][variant], cell.query)};
  };
  Steady steady;
  try {
    if (has_expectation(consumer, cell.query)) {
      const auto [expected, expected_control] = write_expected(consumer, cell);
      judge_expected(expected, expected_control, first(reference), first(judged.candidate), cell);
      if (again)
        steady = judge_expected_again(expected, expected_control, twice(reference),
                                      twice(judged.candidate), cell);
    } else {
      judge(first(reference), first(judged.control), first(judged.candidate), cell);
      if (again) steady = judge_again(twice(reference), twice(judged.candidate), cell);
      if (judged.able)
        judge_ability(first(reference), first(judged.control), first(*judged.able), cell);
    }
    const auto relative = [&](const std::string& path) {
      return path.empty() ? path : fs::path(path).lexically_relative(output_).string();
    };
    cell.facts_file = relative(first(judged.candidate).facts.string());
    cell.output_file = relative(cell.output_file);
    cell.command = shown_command(
        cell.command,
        facts_directory(consumer, judged.candidate) / fmt::format("{}.arguments", cell.query),
        output_);
  } catch (const std::exception& error) {
    cell.outcome = Outcome::error;
    cell.reason = error.what();
  }
  return steady;
}

void SubjectCheck::judge_second_answers(std::size_t consumer,
                                        const std::vector<std::size_t>& cells) {
  auto all = Countdown::of(cells.size(),
                           [self = shared_from_this(), consumer] { self->finish(consumer); });
  for (const std::size_t index : cells) {
    auto steady = std::make_shared<Steady>();
    runner_.compute([self = shared_from_this(), consumer, index,
                     steady] { *steady = self->judge_cell(consumer, index, true); },
                    [self = shared_from_this(), consumer, index, steady, all] {
                      const CellResult& cell = self->cells_[index];
                      auto& given = self->answers_[consumer];
                      if (steady->reference) given[reference].at(cell.query).steady = true;
                      if (steady->candidate)
                        given[self->judged_[index].candidate].at(cell.query).steady = true;
                      self->observer_.cell_done(cell);
                      all->done();
                    });
  }
}

void SubjectCheck::judge_consumer(std::size_t consumer) {
  auto doubtful = std::make_shared<std::vector<std::size_t>>();
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (cells_[i].consumer == asked_[consumer].consumer.name()) own.push_back(i);
  auto all = Countdown::of(own.size() + 1, [self = shared_from_this(), consumer, doubtful] {
    if (doubtful->empty()) return self->finish(consumer);
    std::ranges::sort(*doubtful);
    self->ask_again(consumer, *doubtful);
  });
  for (const std::size_t index : own) {
    runner_.compute(
        [self = shared_from_this(), consumer, index] { self->judge_cell(consumer, index, false); },
        [self = shared_from_this(), consumer, index, doubtful, all] {
          const auto answer = [&](std::size_t variant) -> const Answer& {
            return answer_to(self->answers_[consumer][variant], self->cells_[index].query);
          };
          if (wants_asking_again(self->cells_[index], answer(reference),
                                 answer(self->judged_[index].candidate)))
            doubtful->push_back(index);
          else
            self->observer_.cell_done(self->cells_[index]);
          all->done();
        });
  }
  all->done();
}

}  // namespace splitstrip
