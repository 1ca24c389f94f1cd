#include "consumers/staged_library.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "elf/identity.h"
#include "recipe/recipe.h"
#include "run/runner.h"

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
  const Stage stage(content, here / "stage", directory_.path() / "root", asked.isolation);

  StagedPair staged;
  staged.root = stage.root();
  staged.library = stage.root() / "lib" / subject_.file_name;
  if (subject_.driver) staged.driver = stage.root() / "bin" / "driver";
  staged.debug_root = stage.debug_root();
  staged.isolated = stage.isolated();
  staged.found_by = asked.found_by;
  staged.scratch = make("scratch");
  const std::vector<std::string> queries{query};
  auto runs = consumer.plan({subject_, staged, queries}, found);
  EXPECT_EQ(runs.size(), 1U);
  Run& run = runs.at(0);

  TestSink facts;
  Runner runner(1);
  Runner::Job job;
  job.command = run.command;
  job.stage = &stage;
  job.scratch = staged.scratch;
  job.answer = [&](std::string_view bytes) { run.reader->read(bytes, facts); };
  job.ended = [&](const Ending& ending) { answered.ending = ending; };
  runner.start(std::move(job));
  runner.run();
  const auto ends = run.reader->finish(answered.ending, facts);
  EXPECT_EQ(ends.size(), 1U);
  answered.end = ends.at(0);
  answered.facts = std::move(facts.list);
  std::sort(answered.facts.begin(), answered.facts.end());
  return answered;
}

}  // namespace splitstrip::testing_support
