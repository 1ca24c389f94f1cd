// What libtypedata costs a process: on the machine's own libc with the types that its debuginfo
// tells, so that package is needed (Debian: libc6-dbg).
#include <filesystem>
#include <iostream>

#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "run/scratch.h"
#include "typedata/build.h"
#include "typedata/library/typedata.h"

namespace {

using namespace splitstrip;

// A copy of libc that carries its types.
std::filesystem::path typed_libc(const std::filesystem::path& scratch) {
  Dl_info info;
  dladdr(reinterpret_cast<const void*>(&std::malloc), &info);
  const ElfFile libc = ElfFile::open(info.dli_fname);
  const auto debug = std::filesystem::path("/usr/lib/debug") / build_id_file(build_id(libc)->hex());
  const auto typedata = build_typedata(ElfFile::open(debug), libc);
  ElfEdit edit(libc);
  edit.put_section({.name = ".gnu_typedata", .bytes = std::as_bytes(std::span(typedata.section))});
  const auto copy = scratch / "libc.so.6";
  edit.write(copy);
  std::cerr << "libc: .gnu_typedata has " << typedata.section.size() << " bytes, "
            << typedata.object.size() << " unpacked; " << typedata.coverage.functions_typed
            << " functions\n";
  return copy;
}

std::filesystem::path library;

struct Opened {
  typedata* types = nullptr;
  Opened() { typedata_open(library.c_str(), 0, &types, nullptr); }
  ~Opened() { typedata_close(types); }
};

void open_and_close(benchmark::State& state) {
  for (auto _ : state) {
    Opened opened;
    benchmark::DoNotOptimize(opened.types);
  }
}
BENCHMARK(open_and_close)->Unit(benchmark::kMicrosecond);

void find_function(benchmark::State& state) {
  const Opened opened;
  for (auto _ : state)
    benchmark::DoNotOptimize(typedata_find_function(opened.types, "getaddrinfo"));
}
BENCHMARK(find_function);

void find_no_function(benchmark::State& state) {
  const Opened opened;
  for (auto _ : state)
    benchmark::DoNotOptimize(typedata_find_function(opened.types, "no_function"));
}
BENCHMARK(find_no_function);

void describe_function(benchmark::State& state) {
  const Opened opened;
  const typedata_type function = typedata_find_function(opened.types, "getaddrinfo");
  typedata_info info;
  for (auto _ : state) benchmark::DoNotOptimize(typedata_describe(opened.types, function, &info));
}
BENCHMARK(describe_function);

void parameters_of_function(benchmark::State& state) {
  const Opened opened;
  const typedata_type function = typedata_find_function(opened.types, "getaddrinfo");
  typedata_item items[8];
  for (auto _ : state) benchmark::DoNotOptimize(typedata_items(opened.types, function, items, 8));
}
BENCHMARK(parameters_of_function);

void print_function(benchmark::State& state) {
  const Opened opened;
  const typedata_type function = typedata_find_function(opened.types, "getaddrinfo");
  char text[512];
  for (auto _ : state) {
    benchmark::DoNotOptimize(typedata_print(opened.types, function, "f", text, sizeof text));
  }
}
BENCHMARK(print_function);

// With structures of some twenty members behind pointers.
void compare_function(benchmark::State& state) {
  const Opened opened;
  const typedata_type function = typedata_find_function(opened.types, "getaddrinfo");
  char words[512];
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        typedata_compare(opened.types, function, opened.types, function, 0, words, sizeof words));
  }
}
BENCHMARK(compare_function);

// By address: in the copy, loaded beside the process's own libc.
void function_at_address(benchmark::State& state) {
  void* const handle = dlmopen(LM_ID_NEWLM, library.c_str(), RTLD_NOW);
  void* const address = handle == nullptr ? nullptr : dlsym(handle, "getaddrinfo");
  typedata* types = nullptr;
  typedata_error error;
  if (typedata_open_loaded(address, 0, &types, &error) != TYPEDATA_OK ||
      typedata_function_at(types, address, nullptr) == TYPEDATA_NONE) {
    return state.SkipWithError(error.message);
  }
  for (auto _ : state) benchmark::DoNotOptimize(typedata_function_at(types, address, nullptr));
  typedata_close(types);
}
BENCHMARK(function_at_address);

void module_of_address(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(typedata_module(reinterpret_cast<const void*>(&std::malloc)));
  }
}
BENCHMARK(module_of_address);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const ScratchDirectory scratch;
  try {
    library = typed_libc(scratch.path());
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
