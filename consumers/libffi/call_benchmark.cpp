// What a call through libffi takes: run it with the library preloaded, and without.
//
//   ffi_call_benchmark
//   LD_PRELOAD=libffi-typesafe.so.1 FFI_TYPESAFE=warn ffi_call_benchmark
#include <benchmark/benchmark.h>

#include "consumers/libffi/test_callee.h"

namespace splitstrip::ffi {
namespace {

using namespace testing_support;

const Loaded& callee() {
  static const Loaded loaded(SPLITSTRIP_FFI_CALLEE);
  return loaded;
}

void one_int(benchmark::State& state) {
  Cif cif(ffi_type_sint32, {&ffi_type_sint32});
  const Function twice = callee().function("twice");
  int number = 21;
  void* arguments[] = {&number};
  ffi_arg result = 0;
  for (auto _ : state) {
    ffi_call(&cif, twice, &result, arguments);
    benchmark::DoNotOptimize(result);
  }
}

void seven_arguments(benchmark::State& state) {
  std::vector<ffi_type*> types(6, &ffi_type_sint32);
  types.push_back(&ffi_type_uint64);
  Cif cif(ffi_type_uint64, types);
  const Function seventh = callee().function("seventh");
  int number = 1;
  std::size_t size = 7;
  void* arguments[] = {&number, &number, &number, &number, &number, &number, &size};
  ffi_arg result = 0;
  for (auto _ : state) {
    ffi_call(&cif, seventh, &result, arguments);
    benchmark::DoNotOptimize(result);
  }
}

void structures_by_value(benchmark::State& state) {
  Struct point{&ffi_type_double, &ffi_type_double};
  Cif cif(ffi_type_double, {&point, &point});
  const Function dot = callee().function("dot");
  double coordinates[] = {1, 2};
  void* arguments[] = {coordinates, coordinates};
  double result = 0;
  for (auto _ : state) {
    ffi_call(&cif, dot, &result, arguments);
    benchmark::DoNotOptimize(result);
  }
}

// As CPython's ctypes does: a new cif for each call.
void prepared_each_time(benchmark::State& state) {
  const Function twice = callee().function("twice");
  int number = 21;
  void* arguments[] = {&number};
  ffi_type* types[] = {&ffi_type_sint32};
  ffi_arg result = 0;
  for (auto _ : state) {
    ffi_cif cif;
    ffi_prep_cif(&cif, FFI_DEFAULT_ABI, 1, &ffi_type_sint32, types);
    ffi_call(&cif, twice, &result, arguments);
    benchmark::DoNotOptimize(result);
  }
}

BENCHMARK(one_int);
BENCHMARK(one_int)->Threads(2);
BENCHMARK(seven_arguments);
BENCHMARK(structures_by_value);
BENCHMARK(prepared_each_time);

}  // namespace
}  // namespace splitstrip::ffi

BENCHMARK_MAIN();
