// How much a million facts cost the harness: collecting, sorting, writing, and comparing three
// lists.
//
//   build/harness/check/facts_bench
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include "facts/compare.h"
#include "facts/fact_file.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

double peak_rss_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::filesystem::path collect(const std::filesystem::path& directory, const char* name,
                              std::int64_t facts) {
  FactCollector collector(directory);
  for (std::int64_t i = 0; i < facts; ++i) {
    // The shape of a line-table fact, in an order that is not that of the keys.
    const auto at = (i * 7919) % facts;
    collector.add(name, fmt::format("src/file{}.c {:#x}", at % 97, at * 4),
                  fmt::format("line {} is_stmt", at % 3011));
  }
  return collector.finish(name).file;
}

void collect_facts(benchmark::State& state) {
  const ScratchDirectory scratch;
  for (auto _ : state) collect(scratch.path(), "facts", state.range(0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["peak_rss_MiB"] = peak_rss_mib();
}
BENCHMARK(collect_facts)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void compare_facts(benchmark::State& state) {
  const ScratchDirectory scratch;
  const auto reference = collect(scratch.path(), "reference", state.range(0));
  const auto candidate = collect(scratch.path(), "candidate", state.range(0));
  const auto withheld = collect(scratch.path(), "withheld", state.range(0) / 10);
  for (auto _ : state) benchmark::DoNotOptimize(compare(reference, candidate, withheld).same);
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["peak_rss_MiB"] = peak_rss_mib();
}
BENCHMARK(compare_facts)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace splitstrip

BENCHMARK_MAIN();
