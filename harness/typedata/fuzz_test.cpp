// A fixed-seed run of the fuzz target: as many damaged libraries as SPLITSTRIP_MUTATIONS says,
// 1,000 without it. The sanitizers' preset is where it counts.
#include "typedata/fuzz.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "typedata/built.h"
#include "typedata/mutate.h"

namespace splitstrip {
namespace {

using namespace testing_support;

TEST(TypedataMutations, DamagedLibrariesAreSurvived) {
  std::vector<std::vector<std::byte>> seeds;
  auto seed = [&](const char* compiler, const char* name, const std::string& source,
                  const std::vector<std::string>& flags) {
    const ScratchDirectory scratch;
    const auto file = compile_units(scratch.path(), compiler, {{name, source}}, flags);
    run({"objcopy", "--remove-section=.symtab", "--remove-section=.debug_line",
         "--remove-section=.comment", "--remove-section=.eh_frame", file.string()});
    seeds.push_back(file_bytes(file));
  };
  seed("gcc", "a.c", small_source, {"-gdwarf-5"});
  seed("gcc", "a.c", small_source, {"-gdwarf-2"});
  seed("gcc", "a.c", small_source, {"-gdwarf-4", "-fdebug-types-section"});
  seed(
      "g++", "a.cc",
      "namespace n { struct A { virtual int f(int a); int b : 3; }; int A::f(int a) { return b; } }"
      "int g(n::A &a, int n::A::*m) { static int s; return s++; }",
      {"-gdwarf-5"});
  SectionMutator mutate(seeds,
                        {".debug_info", ".debug_abbrev", ".debug_str", ".debug_types",
                         ".debug_rnglists", ".debug_ranges", ".dynsym"},
                        20261123);
  const char* wanted = std::getenv("SPLITSTRIP_MUTATIONS");
  const int inputs = wanted == nullptr ? 1000 : std::atoi(wanted);
  int built = 0;
  for (int i = 0; i < inputs; ++i) {
    ASSERT_NO_THROW(built += fuzz_typedata(mutate()) ? 1 : 0) << "input " << i;
  }
  // Both ways are taken, or the mutations test nothing.
  EXPECT_GT(built, inputs / 10);
  EXPECT_LT(built, inputs);
}

}  // namespace
}  // namespace splitstrip
