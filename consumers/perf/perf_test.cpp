// Asks the real perf about a small pair, and about the same pair without its debug file.
#include "consumers/perf/perf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/perf/perf_data.h"
#include "consumers/staged_library.h"
#include "elf/test_library.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;
using testing_support::StagedLibrary;

constexpr const char* source = R"(
extern int printf(const char *, ...);
struct point { int x; long y; };
static inline __attribute__((always_inline)) int inner(int a) { return printf("%d", a) + 1; }
static __attribute__((noinline, noclone, noipa)) int hidden_away(struct point *p) { return inner(p->x) * 3; }
int exported(struct point *p) { return hidden_away(p) + 2; }
)";

class PerfTest : public testing::TestWithParam<const char*> {
 protected:
  static std::filesystem::path build(const ScratchDirectory& directory) {
    testing_support::build_library(directory.path() / "libsmall.so", source);
    return directory.path() / "libsmall.so";
  }

  // It looks for variables below /usr/lib/debug only.
  static testing_support::Stages stages() {
    if (std::string_view(GetParam()) == "variables") return {Isolation::when_possible};
    return testing_support::every_stage;
  }

  ScratchDirectory directory_;
  StagedLibrary staged_{build(directory_)};
  std::unique_ptr<Consumer> perf_ = make_perf();
};

INSTANTIATE_TEST_SUITE_P(queries, PerfTest, testing::Values("samples", "functions", "variables"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(PerfTest, answers_the_same_on_every_run_and_in_every_kind_of_stage) {
  expect_the_same_on_every_run(staged_, *perf_, GetParam(), stages());
}

TEST(Perf, looks_for_variables_below_usr_lib_debug_only) {
  const ScratchDirectory directory;
  testing_support::build_library(directory.path() / "libsmall.so", source);
  StagedLibrary staged(directory.path() / "libsmall.so");
  EXPECT_EQ(staged.ask(*make_perf(), "variables", {.isolation = Isolation::never}).end.how,
            QueryEnd::How::unavailable);
  EXPECT_EQ(staged.ask(*make_perf(), "samples", {.isolation = Isolation::never}).end.how,
            QueryEnd::How::answered);
}

TEST_P(PerfTest, answers_need_the_debug_file) {
  expect_it_needs_the_debug_file(staged_, *perf_, GetParam(), false, stages());
}

TEST_P(PerfTest, finds_everything_beside_typedata) {
  expect_everything_beside_typedata(staged_, *perf_, GetParam());
}

TEST(Perf, tells_inline_chains_and_variables_of_static_functions) {
  const ScratchDirectory directory;
  const auto library = directory.path() / "libsmall.so";
  testing_support::build_library(library, source);
  StagedLibrary staged(library);
  const auto perf = make_perf();
  EXPECT_THAT(staged.ask(*perf, "samples").facts,
              Contains(Field(&TestFact::value,
                             AllOf(StartsWith("inner at "), HasSubstr(" < hidden_away")))));
  EXPECT_THAT(staged.ask(*perf, "functions").keys("hidden_away"), SizeIs(1));
  const auto variables = staged.ask(*perf, "variables");
  EXPECT_THAT(variables.value("hidden_away @<hidden_away+0> p"), HasSubstr("struct point*"));
  EXPECT_NE(staged.ask(*perf, "samples", {.recipe = "kept-dwarf-nobits"}).facts,
            staged.ask(*perf, "samples").facts);
}

TEST(PerfData, is_the_same_for_the_same_question_and_holds_every_address) {
  const ScratchDirectory directory;
  const auto library = directory.path() / "libsmall.so";
  testing_support::build_library(library, source);
  const ElfFile elf = ElfFile::open(library);
  const std::vector<std::uint64_t> one{0x1110}, two{0x1110, 0x1115};
  const auto data = perf_data(elf, "/r/lib/l.so", one);
  EXPECT_EQ(data, perf_data(elf, "/r/lib/l.so", one));
  EXPECT_THAT(data, StartsWith("PERFILE2"));
  EXPECT_LT(data.size(), perf_data(elf, "/r/lib/l.so", two).size());
  const std::uint64_t address = perf_base + 0x1110;
  EXPECT_NE(data.find({reinterpret_cast<const char*>(&address), sizeof address}),
            std::string::npos);
}

}  // namespace
}  // namespace splitstrip
