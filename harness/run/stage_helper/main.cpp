// The process between the harness and one command; run/stage_protocol.h says what for and how the
// two speak. Not for use by hand.
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "run/stage_helper/supervisor.h"
#include "run/stage_protocol.h"

namespace {

using splitstrip::stage_helper::Failure;
using splitstrip::stage_helper::Job;
using splitstrip::stage_helper::Supervisor;
using splitstrip::stage_protocol::Report;
using splitstrip::stage_protocol::Step;

// Well above the descriptors of a command.
constexpr int first_own_descriptor = 10;

Report failed(const Failure& failure) {
  Report report;
  report.step = failure.step;
  report.code = failure.code;
  report.error = failure.error;
  return report;
}

Report run_job(int control) {
  Job job;
  if (!splitstrip::stage_helper::read_job(splitstrip::stage_protocol::job_descriptor, job))
    return failed({Step::job, 0, 0});
  close(splitstrip::stage_protocol::job_descriptor);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return failed({Step::processes, 0, errno});
  if (job.isolate) {
    const Failure failure = splitstrip::stage_helper::isolate(job.mounts);
    if (failure.step != Step::none) return failed(failure);
  }
  return Supervisor(job, control).run();
}

}  // namespace

int main(int argc, char** argv) {
  // The harness asks in this way whether commands can be run here at all.
  if (argc == 2 && std::strcmp(argv[1], "--probe") == 0) return 0;

  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);

  const int control =
      fcntl(splitstrip::stage_protocol::control_descriptor, F_DUPFD_CLOEXEC, first_own_descriptor);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (control < 0 || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0) return 71;
  // Nothing that the harness has open may reach a command. Linux before 5.9 cannot do this; there
  // the harness's own O_CLOEXEC has to do.
  close_range(splitstrip::stage_protocol::job_descriptor + 1, static_cast<unsigned>(control) - 1,
              0);
  close_range(static_cast<unsigned>(control) + 1, ~0U, 0);

  const Report report = run_job(control);
  const ssize_t ignored = send(control, &report, sizeof report, MSG_NOSIGNAL);
  static_cast<void>(ignored);
  // Not exit(): nothing has to be tidied up, and it is quicker.
  _exit(0);
}
