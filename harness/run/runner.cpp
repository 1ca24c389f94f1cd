#include "run/runner.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <list>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>
#include <uv.h>

#include "facts/error.h"
#include "run/child.h"
#include "run/job_queue.h"
#include "run/job_record.h"
#include "run/marked.h"
#include "run/paths.h"
#include "run/uv_handle.h"

namespace splitstrip {
namespace {

// A timer needs some end.
constexpr std::chrono::hours longest_service{24 * 365};

constexpr int watched_signals[] = {SIGINT, SIGTERM, SIGHUP};

bool someone_catches(int number) {
  struct sigaction action {};
  sigaction(number, nullptr, &action);
  return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

bool ignored(int number) {
  struct sigaction action {};
  sigaction(number, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

Ending never_started(Ending::How how, std::string reason = {}) {
  Ending ending;
  ending.how = how;
  ending.reason = std::move(reason);
  return ending;
}

// libuv aborts when one of its own descriptors comes to be 0, 1 or 2, as happens in a process that
// was started with these closed.
void open_standard_descriptors() {
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(standard, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free descriptor, which is this one.
    const int opened = open("/dev/null", O_RDWR);
    static_cast<void>(opened);
  }
}

}  // namespace

// Outlives the child and the loop: either may go first.
struct Runner::Service::State {
  Child* child = nullptr;
};

struct Runner::Loop {
  struct Tick {
    Loop* owner;
    std::uint64_t milliseconds;
    std::function<void()> call;
    UvHandle<uv_timer_t> timer;
  };
  struct Work {
    Loop* owner;
    std::function<void()> work;
    std::function<void()> done;
    std::exception_ptr error;
    uv_work_t request{};
  };
  using Children = std::list<std::unique_ptr<Child>>;

  Loop(unsigned jobs, Signals on_signals)
      : queue(jobs), helper(helper_program("splitstrip-stage")), signals(on_signals) {
    uv_loop_init(&loop);
    wake = make_uv_handle<uv_idle_t>(&loop, uv_idle_init, this);
  }

  ~Loop() {
    for (const auto& service : services)
      if (const auto still = service.lock()) still->child = nullptr;
    children.clear();
    ticks.clear();
    wake.reset();
    uv_run(&loop, UV_RUN_DEFAULT);  // the handles' close callbacks
    uv_loop_close(&loop);
  }

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Nothing begins within a caller's call: everything does from the loop.
  void wake_up() {
    uv_idle_start(wake.get(), [](uv_idle_t* idle) {
      uv_idle_stop(idle);
      static_cast<Loop*>(idle->data)->queue.turn();
    });
  }

  // Every callback goes through here: an exception must not cross libuv.
  template <typename Call>
  void guarded(Call&& call) {
    try {
      call();
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void fail(std::exception_ptr thrown) {
    if (!error) error = std::move(thrown);
    cancel(false);
  }

  void begin(Job& job);
  void begin(std::unique_ptr<Work> work);
  // Throws Error. `over` is called after job.ended, when the child is gone.
  Child* launch(Job& job, std::chrono::milliseconds timeout, std::function<void()> over);

  void end_one() {
    queue.end_one();
    wake_up();
  }

  void cancel(bool at_once) {
    queue.cancel();
    for (const auto& child : children) {
      if (at_once) {
        child->stop_at_once(Ending::How::cancelled);
      } else {
        child->stop(Ending::How::cancelled);
      }
    }
    wake_up();
  }

  uv_loop_t loop{};
  JobQueue queue;
  std::filesystem::path helper;
  Signals signals;
  UvHandle<uv_idle_t> wake;
  Children children;
  std::vector<std::weak_ptr<Service::State>> services;
  std::vector<std::unique_ptr<Tick>> ticks;
  bool seen_signal = false;
  std::exception_ptr error;
};

Child* Runner::Loop::launch(Job& job, std::chrono::milliseconds timeout,
                            std::function<void()> over) {
  Child::Order order;
  order.mark = new_mark();
  static const std::vector<Mount> no_mounts;
  const bool isolate = job.stage != nullptr && job.stage->isolated();
  order.record = encode_job(job.command, job.limits, isolate,
                            isolate ? job.stage->mounts() : no_mounts, job.scratch, order.mark);
  order.program = job.command.argv[0];
  if (job.command.companion) order.companion = job.command.companion->argv[0];
  order.answers = job.command.answers;
  order.timeout = timeout;
  order.stream_bytes = job.limits.answer_bytes;
  if (job.answer) {
    order.answer = [this, answer = std::move(job.answer)](std::string_view bytes) {
      if (!error) guarded([&] { answer(bytes); });
    };
  }
  const auto place = children.emplace(children.end());
  order.ended = [this, place, ended = std::move(job.ended),
                 over = std::move(over)](const Ending& ending) {
    children.erase(place);
    if (ended) guarded([&] { ended(ending); });
    over();
  };
  *place = std::make_unique<Child>(&loop, helper, std::move(order));
  return place->get();
}

void Runner::Loop::begin(Job& job) {
  try {
    launch(job, job.limits.timeout, [this] { end_one(); });
  } catch (const Error& refused) {
    if (job.ended)
      guarded([&] { job.ended(never_started(Ending::How::not_started, refused.what())); });
    end_one();
    return;
  }
  if (job.started) guarded([&] { job.started(); });
}

void Runner::Loop::begin(std::unique_ptr<Work> work) {
  work->request.data = work.get();
  uv_queue_work(
      &loop, &work.release()->request,
      [](uv_work_t* request) {
        auto* begun = static_cast<Work*>(request->data);
        try {
          begun->work();
        } catch (...) {
          begun->error = std::current_exception();
        }
      },
      [](uv_work_t* request, int) {
        const std::unique_ptr<Work> ended(static_cast<Work*>(request->data));
        Loop& owner = *ended->owner;
        if (ended->error) {
          owner.fail(ended->error);
        } else if (ended->done) {
          owner.guarded([&] { ended->done(); });
        }
        owner.end_one();
      });
}

Runner::Service::Service(std::shared_ptr<State> state) : state_(std::move(state)) {}

Runner::Service::~Service() {
  if (state_->child != nullptr) state_->child->stop_at_once(Ending::How::cancelled);
}

std::unique_ptr<Runner::Service> Runner::serve(Job job) {
  auto state = std::make_shared<Service::State>();
  if (!cancelled()) {
    loop_->services.push_back(state);
    state->child = loop_->launch(job, longest_service, [state] { state->child = nullptr; });
    if (job.started) loop_->guarded([&] { job.started(); });
  }
  return std::unique_ptr<Service>(new Service(std::move(state)));
}

Runner::Runner(unsigned jobs, Signals signals) {
  // libuv's pool has four threads unless told before its first use; the bound is ours to keep.
  if (jobs > 4) setenv("UV_THREADPOOL_SIZE", std::to_string(jobs).c_str(), 0);
  open_standard_descriptors();
  loop_ = std::make_unique<Loop>(jobs, signals);
}

Runner::~Runner() = default;

void Runner::start(Job job) {
  Loop& loop = *loop_;
  const auto shared = std::make_shared<Job>(std::move(job));
  loop.queue.add({[&loop, shared] { loop.begin(*shared); },
                  [&loop, shared] {
                    if (shared->ended)
                      loop.guarded([&] { shared->ended(never_started(Ending::How::cancelled)); });
                  }});
  loop.wake_up();
}

void Runner::compute(std::function<void()> work, std::function<void()> done) {
  Loop& loop = *loop_;
  const auto shared = std::make_shared<std::pair<std::function<void()>, std::function<void()>>>(
      std::move(work), std::move(done));
  loop.queue.add_short({[&loop, shared] {
                          auto begun = std::make_unique<Loop::Work>();
                          begun->owner = &loop;
                          begun->work = std::move(shared->first);
                          begun->done = std::move(shared->second);
                          loop.begin(std::move(begun));
                        },
                        [] {}});
  loop.wake_up();
}

void Runner::every(unsigned milliseconds, std::function<void()> tick) {
  auto made = std::make_unique<Loop::Tick>();
  made->owner = loop_.get();
  made->milliseconds = milliseconds;
  made->call = std::move(tick);
  made->timer = make_uv_handle<uv_timer_t>(&loop_->loop, uv_timer_init, made.get());
  uv_unref(reinterpret_cast<uv_handle_t*>(made->timer.get()));
  loop_->ticks.push_back(std::move(made));
}

void Runner::run() {
  Loop& loop = *loop_;
  std::vector<UvHandle<uv_signal_t>> watches;
  for (const int number : watched_signals) {
    // nohup(1) makes a process ignore SIGHUP for a reason.
    if (number == SIGHUP && ignored(number)) continue;
    if (loop.signals == Signals::as_others && !someone_catches(number)) continue;
    auto watch = make_uv_handle<uv_signal_t>(&loop.loop, uv_signal_init, &loop);
    uv_unref(reinterpret_cast<uv_handle_t*>(watch.get()));
    uv_signal_start(
        watch.get(),
        [](uv_signal_t* signal, int) {
          auto* told = static_cast<Loop*>(signal->data);
          told->cancel(std::exchange(told->seen_signal, true));
        },
        number);
    watches.push_back(std::move(watch));
  }
  for (const auto& tick : loop.ticks) {
    uv_timer_start(
        tick->timer.get(),
        [](uv_timer_t* timer) {
          auto* due = static_cast<Loop::Tick*>(timer->data);
          due->owner->guarded(due->call);
        },
        tick->milliseconds, tick->milliseconds);
  }
  uv_run(&loop.loop, UV_RUN_DEFAULT);
  for (const auto& tick : loop.ticks) uv_timer_stop(tick->timer.get());
  if (loop.error) std::rethrow_exception(std::exchange(loop.error, nullptr));
}

void Runner::cancel() {
  loop_->cancel(false);
}

bool Runner::cancelled() const {
  return loop_->queue.cancelled();
}

}  // namespace splitstrip
