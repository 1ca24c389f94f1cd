#include "consumers/gdb/test_stage.h"

#include <chrono>
#include <utility>

#include "consumers/gdb/gdb.h"
#include "elf/elf_file.h"
#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "run/runner.h"

namespace splitstrip::testing_support {
namespace {

namespace fs = std::filesystem;

struct MapSink : FactSink {
  explicit MapSink(Answers& to) : answers(to) {}
  void add(std::string_view query, std::string_view key, std::string_view value) override {
    if (!answers.facts[std::string(query)].emplace(key, value).second)
      answers.repeated.push_back(std::string(query) + ": " + std::string(key));
  }
  Answers& answers;
};

}  // namespace

GdbStage::GdbStage(fs::path unstripped, fs::path driver, Driver what) {
  subject_.name = subject_.file_name = unstripped.filename();
  subject_.unstripped = unstripped;
  run({"eu-strip", "-f", file("debug").string(), "-o", file("main").string(), unstripped.string()});
  content_.file_name = subject_.file_name;
  const ElfFile main = ElfFile::open(file("main"));
  content_.build_id = build_id(main)->hex();
  content_.library = {file("main"), file("debug")};
  if (!driver.empty()) {
    content_.driver = driver;
    what.program = driver;
    subject_.driver = std::move(what);
  }
}

StagedPair GdbStage::pair(const Stage& stage) const {
  StagedPair pair;
  pair.root = stage.root();
  pair.library = stage.root() / "lib" / subject_.file_name;
  if (content_.driver) pair.driver = stage.root() / "bin/driver";
  if (content_.core) pair.core = stage.root() / "core";
  pair.debug_root = stage.debug_root();
  pair.isolated = stage.isolated();
  pair.scratch = file("scratch");
  fs::remove_all(pair.scratch);
  fs::create_directory(pair.scratch);
  return pair;
}

Ending GdbStage::execute(const Stage& stage, Command command,
                         const std::function<void(std::string_view)>& answer) const {
  Runner runner(1);
  Runner::Job job;
  job.command = std::move(command);
  job.limits.timeout = std::chrono::minutes(1);
  job.scratch = file("scratch");
  job.stage = &stage;
  job.answer = answer;
  Ending ended;
  job.ended = [&](const Ending& ending) { ended = ending; };
  runner.start(std::move(job));
  runner.run();
  return ended;
}

void GdbStage::write_core() {
  const Stage stage(content_, file("core-stage"), file("root"));
  const auto staged = pair(stage);
  Command gdb;
  gdb.argv = {"gdb", "-nx", "-batch", "-iex", "set startup-with-shell off"};
  for (const std::string command :
       {"set environment SPLITSTRIP_PAUSE 1", "set breakpoint pending on", "break pause", "run",
        "generate-core-file core", "kill"})
    gdb.argv.insert(gdb.argv.end(), {"-ex", command});
  gdb.argv.push_back(staged.driver.string());
  execute(stage, gdb, {});
  fs::rename(staged.scratch / "core", file("core"));
  content_.core = file("core");
}

Answers GdbStage::ask(const std::vector<std::string>& queries) {
  const Stage stage(content_, file("stage") += std::to_string(++stages_), file("root"));
  const auto staged = pair(stage);
  const auto gdb = make_gdb();
  Answers answers;
  MapSink sink(answers);
  for (Run& run : gdb->plan({subject_, staged, queries}, gdb->detect())) {
    const auto ending =
        execute(stage, run.command, [&](std::string_view bytes) { run.reader->read(bytes, sink); });
    for (auto& end : run.reader->finish(ending, sink)) answers.ends.push_back(std::move(end));
    answers.errors += ending.errors_tail;
  }
  return answers;
}

}  // namespace splitstrip::testing_support
