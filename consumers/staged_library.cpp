#include "consumers/staged_library.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "consumers/without_places.h"
#include "elf/identity.h"
#include "recipe/recipe.h"
#include "run/runner.h"
#include "synth/synthetic_cores.h"

namespace splitstrip::testing_support {

namespace fs = std::filesystem;

std::string Answered::value(std::string_view key) const {
  for (const auto& fact : facts)
    if (fact.key == key) return fact.value;
  return {};
}

std::vector<std::string> Answered::keys(std::string_view beginning) const {
  std::vector<std::string> found;
  for (const auto& fact : facts)
    if (fact.key.starts_with(beginning)) found.push_back(fact.key);
  return found;
}

StagedLibrary::StagedLibrary(const fs::path& unstripped, std::optional<Driver> driver) {
  const ElfFile elf = ElfFile::open(unstripped);
  const auto id = build_id(elf);
  subject_.name = unstripped.filename();
  subject_.unstripped = unstripped;
  subject_.file_name = unstripped.filename();
  subject_.build_id = id ? id->hex() : "";
  subject_.machine = elf.machine_name();
  subject_.given = unstripped;
  subject_.driver = std::move(driver);
}

namespace {

QueryEnd execute(Run& run, const Stage& stage, const StagedPair& staged, TestSink& facts,
                 Ending& ending) {
  Runner runner(1);
  Runner::Job job;
  job.command = run.command;
  job.stage = &stage;
  job.scratch = staged.scratch;
  const PlaceNames names(staged);
  WithoutPlaces plain(names, facts);
  job.answer = [&](std::string_view bytes) { run.reader->read(bytes, plain); };
  job.ended = [&](const Ending& how) { ending = how; };
  runner.start(std::move(job));
  runner.run();
  const auto ends = run.reader->finish(ending, plain);
  EXPECT_EQ(ends.size(), 1U);
  return ends.at(0);
}

}  // namespace

Answered StagedLibrary::ask(const Consumer& consumer, const std::string& query,
                            const Asked& asked) {
  Answered answered;
  const Detection found = consumer.detect();
  EXPECT_TRUE(found.available) << found.reason;
  if (!found.available) return answered;

  const auto here = directory_.path() / std::to_string(++count_);
  const auto make = [&](const char* name) {
    fs::create_directories(here / name);
    return here / name;
  };
  const Pair pair{make("pair") / subject_.file_name, here / "pair" / "debug"};
  find_recipe(asked.recipe)->make(subject_.unstripped, pair, make("strip"));

  StageContent content;
  content.file_name = subject_.file_name;
  content.build_id = subject_.build_id;
  content.library.main = pair.main;
  content.found_by = asked.found_by;
  if (!asked.withheld) content.library.debug = pair.debug;
  if (subject_.driver) content.driver = subject_.driver->program;
  std::optional<SyntheticCores> cores;
  if (consumer.needs(query).synthetic_cores) {
    cores = SyntheticCores::of(asked.other_process.value_or(subject_.unstripped));
    content.write_synthetic_cores = [&](const fs::path& main, const fs::path& seen_main,
                                        const fs::path& directory, const fs::path& seen) {
      cores->write(asked.other_process.value_or(main), asked.other_process.value_or(seen_main),
                   directory, seen);
    };
  }
  const Stage stage(content, here / "stage", directory_.path() / "root", asked.isolation);

  StagedPair staged;
  staged.root = stage.root();
  staged.library = stage.root() / "lib" / subject_.file_name;
  if (subject_.driver) staged.driver = stage.root() / "bin" / "driver";
  staged.debug_root = stage.debug_root();
  staged.isolated = stage.isolated();
  staged.found_by = asked.found_by;
  staged.scratch = make("scratch");
  if (cores)
    for (const auto& name : cores->core_names())
      staged.synthetic_cores.push_back(staged.root / synthetic_directory / name);
  const std::vector<std::string> queries{query};
  auto runs = consumer.plan({subject_, staged, queries}, found);
  EXPECT_TRUE(cores || runs.size() == 1U);

  TestSink facts;
  for (Run& run : runs) {
    const QueryEnd end = execute(run, stage, staged, facts, answered.ending);
    if (answered.end.query.empty() || answered.end.how == QueryEnd::How::answered)
      answered.end = end;
  }
  answered.facts = std::move(facts.list);
  std::sort(answered.facts.begin(), answered.facts.end());
  return answered;
}

void expect_the_same_on_every_run(StagedLibrary& staged, const Consumer& consumer,
                                  const std::string& query, const Stages& stages) {
  const Answered first = staged.ask(consumer, query);
  EXPECT_EQ(first.end.how, QueryEnd::How::answered) << first.end.reason;
  EXPECT_FALSE(first.facts.empty());
  for (const Isolation stage : stages)
    EXPECT_EQ(staged.ask(consumer, query, {.isolation = stage}).facts, first.facts);
}

void expect_it_needs_the_debug_file(StagedLibrary& staged, const Consumer& consumer,
                                    const std::string& query, bool all, const Stages& stages) {
  const std::size_t whole = all ? 1 : staged.ask(consumer, query).facts.size();
  for (const Isolation stage : stages) {
    const Answered withheld = staged.ask(consumer, query, {.withheld = true, .isolation = stage});
    EXPECT_EQ(withheld.end.how, QueryEnd::How::answered) << withheld.end.reason;
    EXPECT_LT(withheld.facts.size(), whole);
  }
}

void expect_everything_beside_typedata(StagedLibrary& staged, const Consumer& consumer,
                                       const std::string& query) {
  EXPECT_EQ(staged.ask(consumer, query, {.recipe = "typedata"}).facts,
            staged.ask(consumer, query).facts);
}

const char* const small_library = R"(
enum colour { red, green = 5, blue = -1 };
struct flags { unsigned low : 3; unsigned high : 7; enum colour colour; };
union number { int i; double d; };
typedef struct { struct flags flags; union number numbers[3]; int (*call)(int, char *); } record;
static const int limit = 40;
static int calls;
__thread long own = 3;
record last = {.flags = {1, 2, green}};
static inline __attribute__((always_inline)) int doubled(int value) {
  int twice = value * 2;
  __asm__ volatile("" : "+r"(twice));
  return twice;
}
static __attribute__((noinline)) int helper(const record *from, int by) {
  calls += by;
  return doubled(from->numbers[0].i) + limit;
}
long measure(record *what, int by) {
  own += by;
  return helper(what, by) + helper(&last, 1);
}
)";

}  // namespace splitstrip::testing_support
