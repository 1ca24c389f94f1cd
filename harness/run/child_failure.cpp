#include "run/child_failure.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/format.h>
#include <sys/wait.h>

namespace splitstrip {
namespace {

using stage_protocol::Step;

std::string cannot_execute(const std::string& program, int error) {
  switch (error) {
    case ENOENT:
      return program.find('/') == std::string::npos
                 ? fmt::format("{}: not found in PATH; install it", program)
                 : fmt::format(
                       "{}: it, or the interpreter that it names, does not exist; install it",
                       program);
    case EACCES:
      return fmt::format(
          "{}: cannot be executed: {}; it has to be a file with execute permission, on a file "
          "system that is not mounted noexec",
          program, std::strerror(error));
    case ENOEXEC:
      return fmt::format("{}: cannot be executed: it is no program of this machine; name another",
                         program);
    default:
      return fmt::format("{}: cannot be executed: {}; try it by hand", program,
                         std::strerror(error));
  }
}

}  // namespace

std::string describe_wait_status(int status) {
  if (!WIFSIGNALED(status)) return fmt::format("exit status {}", WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  return name != nullptr ? fmt::format("killed by SIG{}", name)
                         : fmt::format("killed by signal {}", WTERMSIG(status));
}

std::string describe_failure(const stage_protocol::Report& report, const std::string& program,
                             const std::string& companion) {
  const std::string error = std::strerror(report.error);
  switch (report.step) {
    case Step::none:
      return {};
    case Step::job:
      return fmt::format(
          "{}: splitstrip-stage does not understand its job; install splitstrip again, as a whole",
          program);
    case Step::namespaces:
    case Step::user_map:
    case Step::private_mounts:
    case Step::bind:
    case Step::read_only: {
      const std::string_view what = report.step == Step::namespaces       ? "unshare"
                                    : report.step == Step::user_map       ? "mapping the user"
                                    : report.step == Step::private_mounts ? "making mounts private"
                                    : report.step == Step::bind           ? "bind mount"
                                                                          : "read-only mount";
      return fmt::format(
          "{}: no mount namespace for it ({}: {}); SPLITSTRIP_NO_NAMESPACE=1 does without", program,
          what, error);
    }
    case Step::processes:
      return fmt::format("{}: cannot be started: {}; raise the limit, or run fewer jobs", program,
                         error);
    case Step::limits:
      return fmt::format("{}: its limits cannot be set: {}; see `ulimit -a`", program, error);
    case Step::working_directory:
      return fmt::format("{}: its working directory: {}; it has to exist", program, error);
    case Step::standard_input:
      return fmt::format("{}: its standard input: {}; it has to be a readable file", program,
                         error);
    case Step::companion_execute:
      return cannot_execute(companion, report.error);
    case Step::companion_ended:
      return fmt::format("{}: ended before it was ready ({}); try it by hand", companion,
                         describe_wait_status(report.code));
    case Step::companion_waited:
      return fmt::format("{}: was not ready", companion);
    case Step::execute:
      return cannot_execute(program, report.error);
  }
  return {};
}

}  // namespace splitstrip
