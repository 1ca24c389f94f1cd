#include "run/stage_helper/processes.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace splitstrip::stage_helper {
namespace {

using stage_protocol::Step;

[[noreturn]] void give_up(int pipe, Step step, int error) {
  const Failure failure{step, 0, error};
  const ssize_t ignored = write(pipe, &failure, sizeof failure);
  static_cast<void>(ignored);
  _exit(127);
}

bool limit(__rlimit_resource resource, std::uint64_t bytes) {
  rlimit limits{};
  if (getrlimit(resource, &limits) != 0) return false;
  // The hard limit of the harness stands: only root could raise it.
  const rlim_t wanted = bytes < limits.rlim_max ? bytes : limits.rlim_max;
  limits.rlim_cur = limits.rlim_max = wanted;
  return setrlimit(resource, &limits) == 0;
}

// The out-of-memory killer should take the consumer, not the harness or somebody's desktop.
void offer_to_oom_killer() {
  const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  const ssize_t ignored = write(fd, "500", 3);
  static_cast<void>(ignored);
  close(fd);
}

// Descriptor `from` becomes `to`, open in the program. No `from` is a `to` of a later call.
void wire(int from, int to, int pipe) {
  if (from == to) {
    if (fcntl(to, F_SETFD, 0) != 0) give_up(pipe, Step::processes, errno);
  } else if (dup2(from, to) < 0) {
    give_up(pipe, Step::processes, errno);
  }
}

const char* variable(char* const* environment, const char* name) {
  const std::size_t size = std::strlen(name);
  for (; *environment != nullptr; ++environment)
    if (std::strncmp(*environment, name, size) == 0 && (*environment)[size] == '=')
      return *environment + size + 1;
  return "";
}

// Not execvp(3): that hands a file which is no program to a shell, which then makes something of
// it. Returns the errno.
int execute_program(Program& program) {
  char* const* argv = program.argv.data();
  char* const* environment = program.environment.data();
  if (std::strchr(argv[0], '/') != nullptr) {
    execve(argv[0], argv, environment);
    return errno;
  }
  int error = ENOENT;
  const char* path = variable(environment, "PATH");
  while (true) {
    const char* const end = strchrnul(path, ':');
    char file[4096];
    const int size =
        std::snprintf(file, sizeof file, "%.*s/%s", static_cast<int>(end - path), path, argv[0]);
    if (end != path && size > 0 && static_cast<std::size_t>(size) < sizeof file) {
      execve(file, argv, environment);
      // As the shells do: the first that is there but cannot be executed is what the user hears of.
      // (EACCES alone may also mean a directory that others may not enter.)
      const int why = errno;
      if (error == ENOENT && access(file, F_OK) == 0) error = why;
    }
    if (*end == '\0') return error;
    path = end + 1;
  }
}

[[noreturn]] void become(const Job& job, Program& program, const Wiring& wiring, Step execute,
                         int pipe, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  setsid();
  // Where Yama restricts ptrace(2) to ancestors, a consumer may still attach to its companion.
#ifdef PR_SET_PTRACER
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
#endif
  offer_to_oom_killer();
  umask(022);
  if (!limit(RLIMIT_CORE, job.core_bytes) || !limit(RLIMIT_FSIZE, job.file_bytes) ||
      (job.memory_bytes != 0 && !limit(RLIMIT_AS, job.memory_bytes)))
    give_up(pipe, Step::limits, errno);
  if (chdir(job.working_directory) != 0) give_up(pipe, Step::working_directory, errno);

  const int input = open(wiring.input, O_RDONLY | O_NOCTTY | O_CLOEXEC);
  if (input < 0) give_up(pipe, Step::standard_input, errno);
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nothing < 0) give_up(pipe, Step::processes, errno);
  wire(input, 0, pipe);
  wire(wiring.output < 0 ? nothing : wiring.output, 1, pipe);
  wire(wiring.errors < 0 ? nothing : wiring.errors, 2, pipe);
  if (wiring.facts >= 0) {
    wire(wiring.facts, stage_protocol::facts_descriptor, pipe);
  } else {
    fcntl(stage_protocol::facts_descriptor, F_SETFD, FD_CLOEXEC);
  }

  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  give_up(pipe, execute, execute_program(program));
}

struct Process {
  pid_t pid;
  pid_t parent;
  bool ours;
};

// proc(5): "pid (comm) state ppid ...", where comm may hold anything, parentheses too.
bool read_parent(const char* pid, pid_t& parent) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%.16s/stat", pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char text[512];
  const ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size <= 0) return false;
  text[size] = '\0';
  const char* after = std::strrchr(text, ')');
  return after != nullptr && std::sscanf(after + 1, " %*c %d", &parent) == 1;
}

void list_processes(Buffer<Process>& out) {
  DIR* proc = opendir("/proc");
  if (proc == nullptr) return;
  while (const dirent* entry = readdir(proc)) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    Process process{std::atoi(entry->d_name), 0, false};
    if (read_parent(entry->d_name, process.parent)) out.add(process);
  }
  closedir(proc);
}

}  // namespace

pid_t start(const Job& job, Program& program, const Wiring& wiring, Step execute,
            Failure& failure) {
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) {
    failure = {Step::processes, 0, errno};
    return 0;
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) become(job, program, wiring, execute, pipe[1], parent);
  const int error = errno;
  close(pipe[1]);
  if (pid < 0) {
    failure = {Step::processes, 0, error};
  } else {
    // Ends when execve(2) closes the other side.
    Failure reported;
    ssize_t got = 0;
    do {
      got = read(pipe[0], &reported, sizeof reported);
    } while (got < 0 && errno == EINTR);
    if (got == static_cast<ssize_t>(sizeof reported)) failure = reported;
  }
  close(pipe[0]);
  return failure.step == Step::none ? pid : 0;
}

unsigned signal_descendants(int signal) {
  Buffer<Process> processes;
  list_processes(processes);
  const pid_t self = getpid();
  unsigned count = 0;
  for (bool found = true; found;) {
    found = false;
    for (Process& process : processes) {
      if (process.ours) continue;
      bool ours = process.parent == self;
      for (const Process& other : processes)
        ours = ours || (other.ours && other.pid == process.parent);
      if (!ours) continue;
      process.ours = found = true;
      ++count;
      kill(process.pid, signal);
    }
  }
  return count;
}

}  // namespace splitstrip::stage_helper
