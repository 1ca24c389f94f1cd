// A consumer that is missing, too old, hanging, crashing, or printing garbage or gigabytes, and a
// user who has had enough: one clear line each, the right outcome, nothing left behind.
#include <cstdlib>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "e2e/tool.h"
#include "elf/test_library.h"
#include "run/scratch.h"

extern char** environ;

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// Whether a process with `marker` among its arguments is there.
bool somebody_has(const std::string& marker) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.find(marker) != std::string::npos) return true;
  }
  return false;
}

class Faults : public testing::Test {
 protected:
  Faults() : library_(path("libsmall.so")), output_(path("out")) {
    testing_support::build_library(library_, testing_support::small_source);
    fs::create_directory(path("bin"));
    old_path_ = std::getenv("PATH");
    setenv("PATH", (path("bin").string() + ":" + old_path_).c_str(), 1);
  }
  ~Faults() override { setenv("PATH", old_path_.c_str(), 1); }

  fs::path path(const std::string& name) const { return scratch_.path() / name; }

  // A gdb that stands before the real one in PATH: it tells its version like the real one, and
  // otherwise does `body`.
  void impostor(const std::string& version, const std::string& body) const {
    const auto file = path("bin") / "gdb";
    std::ofstream(file) << "#!/bin/sh\ncase \"$*\" in\n*--version*) echo 'GNU gdb (GDB) " << version
                        << "'; exit 0;;\n*'python says'*) echo 'python says " << version
                        << "'; exit 0;;\nesac\n"
                        << body << "\n";
    fs::permissions(file, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
  }

  // The cells of gdb, played by `body`, with everything else left out.
  std::vector<nlohmann::json> cells_of_gdb(const std::string& body,
                                           const std::string& timeout = "3") {
    impostor("13.1", body);
    end_ = splitstrip_program(
        {"check", library_, "--consumer", "gdb", "--output", output_, "--timeout", timeout});
    auto cells = read_result_json(output_).at("cells").get<std::vector<nlohmann::json>>();
    EXPECT_FALSE(cells.empty());
    return cells;
  }

  void expect_all(const std::vector<nlohmann::json>& cells, const std::string& outcome,
                  int status) {
    for (const auto& cell : cells) EXPECT_EQ(cell.at("outcome"), outcome) << show(cell);
    EXPECT_EQ(end_.status, status) << end_.output << end_.errors;
  }

  // `splitstrip check` with gdb played by somebody who sleeps for `marker` seconds; returns once
  // that one sleeps.
  pid_t check_that_waits(const std::string& marker) const {
    impostor("13.1", "exec sleep " + marker);
    std::vector<std::string> words = {SPLITSTRIP_BINARY, "check", library_, "--consumer", "gdb",
                                      "--output",        output_};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t pid = -1;
    EXPECT_EQ(posix_spawn(&pid, words[0].c_str(), nullptr, nullptr, argv.data(), environ), 0);
    for (int i = 0; i < 100 && !somebody_has(marker); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(somebody_has(marker)) << "the consumer never started";
    return pid;
  }

  ScratchDirectory scratch_;
  std::string old_path_;
  fs::path library_, output_;
  ProgramEnd end_;
};

TEST_F(Faults, a_consumer_that_hangs_is_a_timeout_and_leaves_nobody_behind) {
  const std::string marker = "31" + std::to_string(getpid());
  expect_all(cells_of_gdb("trap '' TERM; sleep " + marker + " & sleep " + marker, "1"), "timeout",
             2);
  EXPECT_FALSE(somebody_has(marker));
}

// Of the conventional pair already: that says nothing about the split.
TEST_F(Faults, a_consumer_that_dies_is_unavailable_with_its_command) {
  const auto cells = cells_of_gdb("kill -SEGV $$");
  expect_all(cells, "unavailable", 0);
  for (const auto& cell : cells) {
    EXPECT_THAT(cell.at("reason").get<std::string>(),
                testing::AllOf(testing::StartsWith("cannot read the conventional pair: "),
                               testing::HasSubstr("SIGSEGV")));
    EXPECT_FALSE(cell.at("command").empty());
  }
  EXPECT_THAT(end_.output, testing::HasSubstr("command: "));
}

TEST_F(Faults, garbage_is_no_answer) {
  expect_all(cells_of_gdb("head -c 100000 /dev/urandom >&3; exit 0"), "unavailable", 0);
}

TEST_F(Faults, silence_is_no_pass) {
  expect_all(cells_of_gdb("exit 0"), "unavailable", 0);
  EXPECT_THAT(end_.output, testing::HasSubstr("VACUOUS"));
}

TEST_F(Faults, gigabytes_are_cut_off) {
  // Whichever limit is met first, bytes or seconds: it ends, and it is no pass.
  for (const auto& cell : cells_of_gdb("exec cat /dev/zero >&3", "20")) {
    EXPECT_THAT(cell.at("outcome").get<std::string>(), testing::AnyOf("unavailable", "timeout"))
        << show(cell);
  }
  EXPECT_THAT(end_.output, testing::Not(testing::HasSubstr("same")));
}

TEST_F(Faults, a_consumer_that_is_too_old_is_unavailable_and_says_so) {
  impostor("6.3", "exit 1");
  end_ = splitstrip_program({"check", library_, "--consumer", "gdb", "--output", output_});
  const auto cells = read_result_json(output_).at("cells").get<std::vector<nlohmann::json>>();
  expect_all(cells, "unavailable", 0);
  EXPECT_THAT(cells.at(0).at("reason").get<std::string>(), testing::HasSubstr("6.3"));
  EXPECT_THAT(end_.output, testing::HasSubstr("unavailable"));
}

TEST_F(Faults, a_missing_consumer_is_unavailable_and_names_its_package) {
  // A PATH in which everything is but gdb.
  for (const auto& entry : fs::directory_iterator("/usr/bin")) {
    if (entry.path().filename() != "gdb")
      fs::create_symlink(entry.path(), path("bin") / entry.path().filename());
  }
  setenv("PATH", path("bin").c_str(), 1);
  end_ = splitstrip_program({"check", library_, "--consumer", "gdb", "--output", output_});
  const auto cells = read_result_json(output_).at("cells").get<std::vector<nlohmann::json>>();
  expect_all(cells, "unavailable", 0);
  end_ = splitstrip_program(
      {"check", library_, "--consumer", "gdb", "--output", output_, "--require", "gdb"});
  EXPECT_EQ(end_.status, 1) << "a required consumer that is missing must fail the gate";
  const auto doctor = splitstrip_program({"doctor"});
  EXPECT_THAT(doctor.output, testing::HasSubstr("install gdb"));
}

TEST_F(Faults, ctrl_c_ends_everything_and_writes_nothing) {
  const std::string marker = "32" + std::to_string(getpid());
  for (const int signal : {SIGINT, SIGTERM}) {
    const pid_t pid = check_that_waits(marker);
    kill(pid, signal);
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130) << status;
    EXPECT_FALSE(somebody_has(marker));
    EXPECT_TRUE(!fs::exists(output_) || fs::is_empty(output_)) << "half a result was left behind";
  }
}

TEST_F(Faults, sigkill_leaves_nobody_behind) {
  const std::string marker = "33" + std::to_string(getpid());
  const pid_t pid = check_that_waits(marker);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  for (int i = 0; i < 40 && somebody_has(marker); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(somebody_has(marker));
}

TEST_F(Faults, a_disk_that_fills_up_ends_in_one_line_and_no_result) {
  // A limit on the size of files stands for the full disk: the writes fail in the same place.
  impostor("13.1", "exit 0");
  const pid_t pid = fork();
  if (pid == 0) {
    const rlimit limit{512, 512};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execl(SPLITSTRIP_BINARY, SPLITSTRIP_BINARY, "check", library_.c_str(), "--consumer", "gdb",
          "--output", output_.c_str(), nullptr);
    _exit(99);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 2) << status;
  EXPECT_FALSE(fs::exists(output_ / "result.json"));
  EXPECT_TRUE(!fs::exists(output_) || fs::is_empty(output_));
}

}  // namespace
}  // namespace splitstrip
