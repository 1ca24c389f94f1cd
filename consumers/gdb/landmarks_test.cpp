#include "consumers/gdb/landmarks.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/error.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string landmarks_of(const std::string& source, const std::vector<std::string>& flags = {}) {
  const ScratchDirectory scratch;
  const auto library = scratch.path() / "libsmall.so";
  testing_support::build_library(library, source, flags);
  write_landmarks(library, scratch.path() / "landmarks");
  std::ifstream in(scratch.path() / "landmarks");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

TEST(Landmarks, every_function_block_and_inlined_call_has_one) {
  const auto text = landmarks_of(R"(
    extern int use(int *);
    static inline __attribute__((always_inline)) int inside(int a) {
      int local = a * 3;
      return use(&local) * 5;
    }
    int one(int a) { return inside(a) + 1; }
    int two(int a) { return inside(a) + 2; }
  )");
  EXPECT_THAT(text, AllOf(HasSubstr("unit\t"), HasSubstr("libsmall.so.c\tc\n")));
  EXPECT_GE(count(text, "\npc\t"), 4U);
  EXPECT_THAT(text, Not(HasSubstr("variable")));
}

TEST(Landmarks, a_unit_without_code_is_named_by_its_symbols) {
  const auto text = landmarks_of(
      "struct pair { int a, b; }; typedef struct pair pair_type;"
      "pair_type couple = {1, 2};");
  EXPECT_THAT(text, AllOf(HasSubstr("\nvariable\tcouple\n"), HasSubstr("\nstruct\tpair\n"),
                          HasSubstr("\ntypedef\tpair_type\n"), Not(HasSubstr("\npc\t"))));
}

TEST(Landmarks, a_library_without_dwarf_is_an_error) {
  EXPECT_THROW(landmarks_of("int one(void) { return 1; }", {"-g0"}), Error);
}

}  // namespace
}  // namespace splitstrip
