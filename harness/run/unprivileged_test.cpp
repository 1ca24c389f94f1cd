// The tests of stages and of ending commands again, as a user who may do nothing: with a user
// namespace, where this machine allows one, and without any. Only where the tests run as root; as
// anyone else, the tests themselves are just that.
#include <cstdlib>
#include <string>

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/file_descriptor.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

constexpr uid_t nobody = 65534;
constexpr int unreachable = 77;

// Exit status of this test program, run as nobody with `filter`, and what it printed. (Not printed
// here: ctest would take what it says of a skipped test for this one's.)
int as_nobody(const std::string& filter, bool forbid_namespaces, std::string& printed) {
  const std::string self = own_executable().string();
  const std::string helper = helper_program("splitstrip-stage").string();
  const std::string argument = "--gtest_filter=" + filter;
  const FileDescriptor output(memfd_create("output", MFD_CLOEXEC));
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(output.get(), STDOUT_FILENO);
    dup2(output.get(), STDERR_FILENO);
    if (setgroups(0, nullptr) != 0 || setresgid(nobody, nobody, nobody) != 0 ||
        setresuid(nobody, nobody, nobody) != 0)
      _exit(unreachable);
    if (access(self.c_str(), X_OK) != 0 || access(helper.c_str(), X_OK) != 0) _exit(unreachable);
    if (forbid_namespaces) setenv("SPLITSTRIP_NO_NAMESPACE", "1", 1);
    unsetenv("TMPDIR");
    unsetenv("GTEST_OUTPUT");
    execl(self.c_str(), self.c_str(), argument.c_str(), nullptr);
    _exit(unreachable);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  char bytes[4096];
  lseek(output.get(), 0, SEEK_SET);
  for (ssize_t got; (got = read(output.get(), bytes, sizeof bytes)) > 0;)
    printed.append(bytes, static_cast<std::size_t>(got));
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class UnprivilegedTest : public testing::TestWithParam<bool> {};

TEST_P(UnprivilegedTest, stages_and_endings_work) {
  if (geteuid() != 0) GTEST_SKIP() << "is not root already";
  std::string printed;
  const int status = as_nobody(
      "StageTest.*:CompanionTest.*:RunnerEndTest.daemons*:RunnerEndTest.nothing_outlives*:"
      "RunnerTest.what_cannot*",
      GetParam(), printed);
  if (status == unreachable) GTEST_SKIP() << "nobody cannot enter the build directory";
  EXPECT_EQ(status, 0) << printed;
}

INSTANTIATE_TEST_SUITE_P(Namespaces, UnprivilegedTest, testing::Values(false, true),
                         [](const auto& test) { return test.param ? "none" : "user"; });

}  // namespace
}  // namespace splitstrip
