#include "consumers/gdb/test_run.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts/error.h"

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

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Runs the command with standard error and the facts channel going to files.
Ending execute(const Command& command, const fs::path& errors, const fs::path& facts) {
  std::vector<std::string> arguments{"timeout", "120"};
  arguments.insert(arguments.end(), command.argv.begin(), command.argv.end());
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
                                       "HOME=" + errors.parent_path().string()};
  for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
  };
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), flags, 0600);
  posix_spawn_file_actions_addopen(&actions, 3, facts.c_str(), flags, 0600);
  pid_t pid = 0;
  const int problem = posix_spawnp(&pid, "timeout", &actions, nullptr, pointers(arguments).data(),
                                   pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) throw Error("timeout: cannot be started");
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  Ending ending;
  ending.how = WIFEXITED(status) ? Ending::How::exited : Ending::How::signalled;
  ending.code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  return ending;
}

}  // namespace

Answers ask(const Consumer& consumer, const Subject& subject, const StagedPair& pair,
            const std::vector<std::string>& queries) {
  Answers answers;
  MapSink sink(answers);
  for (Run& run : consumer.plan({subject, pair, queries}, consumer.detect())) {
    const auto facts = pair.scratch / (run.label + ".facts");
    const auto errors = pair.scratch / (run.label + ".errors");
    const Ending ending = execute(run.command, errors, facts);
    run.reader->read(text_of(facts), sink);
    for (auto& end : run.reader->finish(ending, sink)) answers.ends.push_back(std::move(end));
    answers.errors += text_of(errors);
  }
  return answers;
}

}  // namespace splitstrip::testing_support
