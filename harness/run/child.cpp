#include "run/child.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "facts/error.h"
#include "run/child_failure.h"
#include "run/marked.h"
#include "run/stage_protocol.h"

namespace splitstrip {
namespace {

using stage_protocol::Report;
using stage_protocol::Step;

constexpr std::size_t buffer_bytes = std::size_t{64} << 10;
constexpr std::size_t tail_bytes = std::size_t{4} << 10;
constexpr std::chrono::milliseconds watchdog{stage_protocol::mercy_milliseconds +
                                             stage_protocol::kill_milliseconds + 2000};
constexpr std::chrono::milliseconds stream_grace{1000};

[[noreturn]] void throw_system(const char* what) {
  throw Error::of("{}: {}; raise the limit that it names, or run fewer jobs", what,
                  std::strerror(errno));
}

// Out of the way of descriptors 0 to 4 of the helper, in case the harness was started with one of
// its own closed.
FileDescriptor out_of_the_way(int fd) {
  FileDescriptor given(fd);
  if (fd > stage_protocol::job_descriptor) return given;
  FileDescriptor moved(fcntl(fd, F_DUPFD_CLOEXEC, stage_protocol::job_descriptor + 1));
  if (!moved.valid()) throw_system("fcntl");
  return moved;
}

struct Ends {
  FileDescriptor ours;
  FileDescriptor theirs;
};

// A pipe and not a socket pair, as libuv would make: programs open /dev/stdout and /dev/fd/3, which
// fails on sockets.
Ends make_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) throw_system("pipe");
  Ends ends{out_of_the_way(fds[0]), out_of_the_way(fds[1])};
  fcntl(ends.ours.get(), F_SETFL, O_NONBLOCK);
  return ends;
}

Ends make_socket_pair() {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) throw_system("socketpair");
  Ends ends{out_of_the_way(fds[0]), out_of_the_way(fds[1])};
  fcntl(ends.ours.get(), F_SETFL, O_NONBLOCK);
  return ends;
}

FileDescriptor make_record(const std::string& record) {
  const int fd = memfd_create("splitstrip-job", MFD_CLOEXEC);
  if (fd < 0) throw_system("memfd_create");
  FileDescriptor file = out_of_the_way(fd);
  for (std::size_t done = 0; done < record.size();) {
    const ssize_t written = write(file.get(), record.data() + done, record.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw_system("write");
    done += static_cast<std::size_t>(written);
  }
  return file;
}

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void give(const FileDescriptor& fd, int as) {
    posix_spawn_file_actions_adddup2(&actions_, fd.get(), as);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t set;
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes_, &set);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes_, &set);
    // A session of its own: Ctrl-C is for the harness, which then ends the command.
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

Child::Child(uv_loop_t* loop, const std::filesystem::path& helper, Order order)
    : loop_(loop),
      order_(std::move(order)),
      started_(uv_hrtime()),
      timer_(make_uv_handle<uv_timer_t>(loop, uv_timer_init, this)),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_bytes)) {
  try {
    spawn(helper);
    arm(order_.timeout, &Child::out_of_time);
  } catch (const Error& error) {
    start_error_ = error.what();
    for (Stream& stream : streams_) stream.pipe.reset();
    arm(std::chrono::milliseconds(0), &Child::finish_if_over);
  }
}

Child::~Child() {
  if (helper_ == 0) return;
  send(stage_protocol::stop_at_once);
  control_watch_.reset();
  control_.reset();
  waitpid(helper_, nullptr, 0);
}

void Child::spawn(const std::filesystem::path& helper) {
  Ends control = make_socket_pair();
  Ends output = make_pipe();
  Ends errors = make_pipe();
  Ends facts;
  const FileDescriptor record = make_record(order_.record);
  SpawnActions actions;
  actions.give(control.theirs, stage_protocol::control_descriptor);
  actions.give(output.theirs, STDOUT_FILENO);
  actions.give(errors.theirs, STDERR_FILENO);
  if (order_.answers == Channel::facts) {
    facts = make_pipe();
    actions.give(facts.theirs, stage_protocol::facts_descriptor);
  }
  actions.give(record, stage_protocol::job_descriptor);

  // posix_spawn(3) and not fork(2): it does not copy the page tables of a harness with many facts.
  char* arguments[] = {const_cast<char*>("splitstrip-stage"), order_.program.data(), nullptr};
  char* no_environment[] = {nullptr};
  const int error = posix_spawn(&helper_, helper.c_str(), actions.get(), SpawnAttributes().get(),
                                arguments, no_environment);
  if (error != 0) {
    helper_ = 0;
    throw Error::of("{}: cannot be started: {}; install splitstrip again, or build it",
                    helper.string(), std::strerror(error));
  }

  control_ = std::move(control.ours);
  control_watch_ = UvHandle<uv_poll_t>(new uv_poll_t);
  uv_poll_init(loop_, control_watch_.get(), control_.get());
  control_watch_->data = this;
  uv_poll_start(control_watch_.get(), UV_READABLE,
                [](uv_poll_t* poll, int, int) { static_cast<Child*>(poll->data)->read_report(); });
  streams_[0].answers = order_.answers == Channel::standard_output;
  streams_[1].answers = order_.answers == Channel::standard_error;
  streams_[1].errors = true;
  streams_[2].answers = true;
  listen(streams_[0], std::move(output.ours));
  listen(streams_[1], std::move(errors.ours));
  if (facts.ours.valid()) listen(streams_[2], std::move(facts.ours));
}

void Child::listen(Stream& stream, FileDescriptor fd) {
  stream.child = this;
  stream.pipe = make_uv_handle<uv_pipe_t>(
      loop_, [](uv_loop_t* loop, uv_pipe_t* pipe) { return uv_pipe_init(loop, pipe, 0); }, &stream);
  if (uv_pipe_open(stream.pipe.get(), fd.get()) == 0) fd.release();
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(stream.pipe.get()),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        *buffer = uv_buf_init(static_cast<Stream*>(handle->data)->child->buffer_.get(),
                              static_cast<unsigned>(buffer_bytes));
      },
      [](uv_stream_t* handle, ssize_t size, const uv_buf_t* buffer) {
        auto& from = *static_cast<Stream*>(handle->data);
        from.child->read_from(from, size, buffer->base);
      });
}

void Child::read_from(Stream& stream, ssize_t size, const char* bytes) {
  if (size == 0) return;  // libuv's EAGAIN
  if (size < 0) {
    stream.pipe.reset();
    finish_if_over();
    return;
  }
  const auto left = order_.stream_bytes - stream.bytes;
  const std::string_view all(bytes, static_cast<std::size_t>(size));
  const std::string_view taken = all.substr(0, std::min<std::uint64_t>(all.size(), left));
  stream.bytes += taken.size();
  if (stream.errors) {
    tail_ += taken;
    if (tail_.size() > 4 * tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
  }
  if (stream.answers && !taken.empty() && order_.answer) order_.answer(taken);
  if (taken.size() < all.size() && !stopped_) stop_at_once(Ending::How::too_much_output);
}

void Child::read_report() {
  Report unused;
  char bytes[sizeof unused];
  const ssize_t got = recv(control_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
  if (got > 0) {
    report_bytes_.append(bytes, static_cast<std::size_t>(got));
    return;
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  // The helper's side closed: it is a zombie, or will be at once.
  control_watch_.reset();
  control_.reset();
  while (waitpid(helper_, &helper_status_, 0) < 0 && errno == EINTR) {
  }
  helper_ = 0;
  if (report_bytes_.size() != sizeof(Report)) kill_marked(order_.mark);
  arm(stream_grace, &Child::streams_hang);
  finish_if_over();
}

void Child::stop(Ending::How how) {
  if (stopped_) return;
  stopped_ = how;
  if (helper_ == 0) return;
  send(stage_protocol::stop_gently);
  arm(watchdog, &Child::helper_hangs);
}

void Child::stop_at_once(Ending::How how) {
  if (!stopped_) stopped_ = how;
  if (helper_ == 0) return;
  send(stage_protocol::stop_at_once);
  arm(watchdog, &Child::helper_hangs);
}

void Child::send(char order) {
  // One byte into an empty socket: it cannot block, and whether the helper is gone shows elsewhere.
  const ssize_t ignored = ::send(control_.get(), &order, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  static_cast<void>(ignored);
}

void Child::arm(std::chrono::milliseconds delay, void (Child::*then)()) {
  on_timer_ = then;
  // A loop that worked for long has an old idea of now.
  uv_update_time(loop_);
  uv_timer_start(
      timer_.get(),
      [](uv_timer_t* timer) {
        auto* child = static_cast<Child*>(timer->data);
        (child->*child->on_timer_)();
      },
      static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0)), 0);
}

void Child::out_of_time() {
  stop(Ending::How::timed_out);
}

void Child::helper_hangs() {
  killed_helper_ = true;
  kill(helper_, SIGKILL);
}

// Something that outlived the helper holds a pipe open. What is in the pipe is still read; then it
// is closed.
void Child::streams_hang() {
  std::uint64_t bytes = 0;
  for (const Stream& stream : streams_) bytes += stream.bytes;
  if (bytes != bytes_at_last_look_) {
    bytes_at_last_look_ = bytes;
    arm(stream_grace / 10, &Child::streams_hang);
    return;
  }
  for (Stream& stream : streams_) stream.pipe.reset();
  finish_if_over();
}

void Child::finish_if_over() {
  if (helper_ != 0) return;
  for (const Stream& stream : streams_)
    if (stream.pipe) return;
  uv_timer_stop(timer_.get());

  Ending ending;
  ending.seconds = static_cast<double>(uv_hrtime() - started_) / 1e9;
  ending.errors_tail = tail_.substr(tail_.size() - std::min(tail_.size(), tail_bytes));
  Report report;
  const bool reported = report_bytes_.size() == sizeof report;
  if (reported) std::memcpy(&report, report_bytes_.data(), sizeof report);
  ending.cpu_seconds = static_cast<double>(report.cpu_microseconds) / 1e6;
  ending.peak_rss_bytes = report.peak_rss_bytes;

  if (!start_error_.empty()) {
    ending.reason = start_error_;
  } else if (!reported || report.magic != Report::right_magic) {
    if (stopped_) ending.how = *stopped_;
    ending.reason = killed_helper_
                        ? fmt::format("{} and what it started could not be killed", order_.program)
                        : fmt::format("{}: the process that watched over it ended: {}",
                                      order_.program, describe_wait_status(helper_status_));
  } else {
    if (stopped_ && (report.stopped != 0 || *stopped_ == Ending::How::too_much_output)) {
      ending.how = *stopped_;
    } else if (report.step == Step::none) {
      ending.how = WIFSIGNALED(report.code) ? Ending::How::signalled : Ending::How::exited;
    }
    if (report.step == Step::none) {
      ending.code = WIFSIGNALED(report.code) ? WTERMSIG(report.code) : WEXITSTATUS(report.code);
    } else {
      ending.reason = describe_failure(report, order_.program, order_.companion);
    }
    if (report.survivors != 0)
      ending.reason = fmt::format("{} of its processes could not be killed", report.survivors);
  }
  // The owner may destroy this object from here on.
  const auto ended = std::move(order_.ended);
  ended(ending);
}

}  // namespace splitstrip
