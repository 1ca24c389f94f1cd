// Damaged DWARF, in debug files and in typedata, leaves exported_dies() with an answer or an Error:
// a fixed-seed run of as many files as SPLITSTRIP_MUTATIONS says, 1,000 without it.
#include <cstdlib>

#include <gtest/gtest.h>

#include "consumers/gdb/exported_dies.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "run/scratch.h"
#include "typedata/build.h"
#include "typedata/mutate.h"

namespace splitstrip {
namespace {

const char* const source = R"(
namespace n { struct A { int x; virtual int f(int a); static int s; }; }
int n::A::f(int a) { return a + x; }
int n::A::s = 1;
template <class T> T twice(T t) { static int calls; return t * 2 + calls++; }
template int twice<int>(int);
extern "C" int call(n::A *a, int (*f)(n::A), ...) { return a->f(f(*a)); }
thread_local int own;
)";

TEST(ExportedDiesMutations, DamagedFilesAreSurvived) {
  const ScratchDirectory scratch;
  const auto file = scratch.path() / "small.so";
  const auto text = scratch.path() / "small.cc";
  testing_support::write_bytes(text, [&] {
    const auto bytes = std::as_bytes(std::span(std::string_view(source)));
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }());
  std::vector<std::vector<std::byte>> seeds;
  for (const std::string version : {"-gdwarf-2", "-gdwarf-4", "-gdwarf-5"}) {
    testing_support::run({"g++", version, "-O1", "-fPIC", "-shared", "-Wl,--build-id=sha1",
                          text.string(), "-o", file.string()});
    seeds.push_back(testing_support::file_bytes(file));
  }
  const ElfFile library = ElfFile::open(file);
  const auto object = build_typedata(library, library).object;
  const auto bytes = std::as_bytes(std::span(object));
  seeds.emplace_back(bytes.begin(), bytes.end());

  SectionMutator mutate(
      seeds,
      {".debug_info", ".debug_abbrev", ".debug_str", ".debug_ranges", ".debug_rnglists", ".symtab"},
      20261123);
  const char* wanted = std::getenv("SPLITSTRIP_MUTATIONS");
  const int inputs = wanted == nullptr ? 1000 : std::atoi(wanted);
  int answered = 0;
  for (int i = 0; i < inputs; ++i) {
    const auto image = mutate();
    for (const auto how : {Described::by_address, Described::by_name}) {
      try {
        const DebugInfo info(ElfFile::from_memory(image, "image"));
        answered += exported_dies(library, info, how).found.empty() ? 0 : 1;
      } catch (const Error&) {
      }
    }
  }
  // Both ways are taken, or the mutations test nothing.
  EXPECT_GT(answered, inputs / 2);
  EXPECT_LT(answered, 2 * inputs);
}

}  // namespace
}  // namespace splitstrip
