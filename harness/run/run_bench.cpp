// What the harness adds to each command. Run as
//   build/harness/run/run_bench
//
// On 2 cores of 2.6 GHz, beside other work (load 4), 2026-11-23, CPU of harness and helper for each
// command: 0.92 ms; in a stage 1.07 ms; from a harness that holds a gigabyte 0.97 ms. A gigabyte of
// answers: 0.29 s. Laying out a stage: 0.9 ms.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "run/runner.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

double cpu_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime})
      sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  }
  return sum;
}

// Runs `jobs` times /bin/true, two at a time. "own_cpu" is what harness and helper took for each
// command beside its own time.
void start_true(benchmark::State& state, const Stage* stage) {
  const ScratchDirectory scratch;
  double commands = 0;
  const double before = cpu_seconds();
  for (auto iteration : state) {
    static_cast<void>(iteration);
    Runner runner(2);
    for (int i = 0; i < 100; ++i) {
      Runner::Job job;
      job.command.argv = {"/bin/true"};
      job.scratch = scratch.path();
      job.stage = stage;
      job.ended = [&](const Ending& ending) {
        commands += ending.cpu_seconds;
        if (ending.how != Ending::How::exited) state.SkipWithError(ending.reason.c_str());
      };
      runner.start(std::move(job));
    }
    runner.run();
  }
  const auto count = static_cast<double>(state.iterations() * 100);
  state.SetItemsProcessed(state.iterations() * 100);
  state.counters["own_cpu_ms"] = (cpu_seconds() - before - commands) / count * 1e3;
  state.counters["command_cpu_ms"] = commands / count * 1e3;
}

void BM_start(benchmark::State& state) {
  start_true(state, nullptr);
}
BENCHMARK(BM_start)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_start_in_stage(benchmark::State& state) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.path() / "main") << "main";
  StageContent content;
  content.file_name = "libfoo.so.1";
  content.build_id = "0011223344";
  content.library.main = scratch.path() / "main";
  const Stage stage(content, scratch.path() / "stage", scratch.path() / "root");
  if (!stage.isolated()) {
    state.SkipWithError("no mount namespaces here");
    return;
  }
  start_true(state, &stage);
}
BENCHMARK(BM_start_in_stage)->UseRealTime()->Unit(benchmark::kMillisecond);

// A harness that holds much memory must not pay for it with every command.
void BM_start_from_a_gigabyte(benchmark::State& state) {
  const std::vector<char> much(std::size_t{1} << 30, 'x');
  benchmark::DoNotOptimize(much.data());
  start_true(state, nullptr);
}
BENCHMARK(BM_start_from_a_gigabyte)->UseRealTime()->Unit(benchmark::kMillisecond);

// A gigabyte of answers through the harness.
void BM_answers(benchmark::State& state) {
  const ScratchDirectory scratch;
  std::uint64_t bytes = 0;
  double commands = 0;
  const double before = cpu_seconds();
  for (auto iteration : state) {
    static_cast<void>(iteration);
    Runner runner(1);
    Runner::Job job;
    job.command.argv = {"head", "-c", "1000000000", "/dev/zero"};
    job.scratch = scratch.path();
    job.answer = [&](std::string_view piece) { bytes += piece.size(); };
    job.ended = [&](const Ending& ending) { commands += ending.cpu_seconds; };
    runner.start(std::move(job));
    runner.run();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["own_cpu_ms"] =
      (cpu_seconds() - before - commands) / static_cast<double>(state.iterations()) * 1e3;
}
BENCHMARK(BM_answers)->UseRealTime()->Unit(benchmark::kMillisecond);

// Laying out a stage.
void BM_stage(benchmark::State& state) {
  const ScratchDirectory scratch;
  for (const char* name : {"main", "debug"}) std::ofstream(scratch.path() / name) << name;
  StageContent content;
  content.file_name = "libfoo.so.1";
  content.build_id = "0011223344";
  content.library = {scratch.path() / "main", scratch.path() / "debug"};
  content.reference = content.library;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    const Stage stage(content, scratch.path() / "stage", scratch.path() / "root");
    state.PauseTiming();
    std::filesystem::remove_all(scratch.path() / "stage");
    state.ResumeTiming();
  }
}
BENCHMARK(BM_stage)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace splitstrip

BENCHMARK_MAIN();
