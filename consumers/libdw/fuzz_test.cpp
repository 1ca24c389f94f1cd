// Damaged debug files are told of to an end: a fixed-seed run of as many as SPLITSTRIP_MUTATIONS
// says, 1,000 without it. The sanitizers' preset is where it counts.
#include <cstdlib>

#include <gtest/gtest.h>

#include "consumers/libdw/tell_file.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "typedata/built.h"
#include "typedata/mutate.h"

namespace splitstrip {
namespace {

struct Counter final : FactSink {
  std::size_t facts = 0;
  std::size_t bytes = 0;
  void add(std::string_view, std::string_view key, std::string_view value) override {
    ++facts;
    bytes += key.size() + value.size();
    // A reader of lines takes a megabyte, and escaping may double what is longest here.
    if (key.size() > 5000 || value.size() > 450'000) ADD_FAILURE() << "too long: " << key;
  }
};

const char* const source = R"(
struct inner { short s; unsigned low : 5; };
typedef struct { long a; struct inner in[3]; union { int i; float f; }; } outer_t;
static inline int helper(int a, int *p) { int twice = a * 2; *p = twice; return twice; }
extern int elsewhere(outer_t *o, ...);
int plain(outer_t *o, int (*call)(long)) {
  int z;
  for (int i = 0; i < 3; ++i) { int q = helper(i, &z); z += q; }
  return elsewhere(o, "x") + z + call(o->a);
}
)";

TEST(DiesMutations, DamagedFilesAreToldToAnEnd) {
  using namespace testing_support;
  std::vector<std::vector<std::byte>> seeds;
  const auto seed = [&](const char* compiler, const char* name, const char* text,
                        const std::vector<std::string>& flags, bool dwz = false) {
    const ScratchDirectory scratch;
    const auto file = compile_units(scratch.path(), compiler, {{name, text}, {"b.c", text}}, flags,
                                    {"-Wl,-z,muldefs"});
    if (dwz) run({"dwz", file.string()});
    seeds.push_back(file_bytes(file));
  };
  seed("gcc", "a.c", source, {"-gdwarf-5"});
  seed("gcc", "a.c", source, {"-gdwarf-2", "-gstrict-dwarf"});
  seed("gcc", "a.c", source, {"-gdwarf-4", "-fdebug-types-section"});
  seed("gcc", "a.c", source, {"-gdwarf-4"}, true);
  seed("gcc", "a.c", source, {"-gdwarf-5"}, true);
  SectionMutator mutate(
      seeds,
      {".debug_info", ".debug_abbrev", ".debug_str", ".debug_types", ".debug_rnglists",
       ".debug_ranges", ".debug_loc", ".debug_loclists", ".debug_line", ".debug_line_str"},
      20261123);
  const char* wanted = std::getenv("SPLITSTRIP_MUTATIONS");
  const int inputs = wanted == nullptr ? 1000 : std::atoi(wanted);
  int told = 0;
  for (int i = 0; i < inputs; ++i) {
    const auto image = mutate();
    const std::size_t size = image.size();
    try {
      const DebugInfo info(ElfFile::from_memory(image, "image"));
      for (const char* query : {"dies", "line-tables"}) {
        Counter facts;
        tell(info, query, facts);
        told += facts.facts > 0;
        ASSERT_LT(facts.bytes, 4000 * size) << "input " << i;
      }
    } catch (const Error&) {
    }
  }
  // Both ways are taken, or the mutations test nothing.
  EXPECT_GT(told, inputs / 2);
}

}  // namespace
}  // namespace splitstrip
