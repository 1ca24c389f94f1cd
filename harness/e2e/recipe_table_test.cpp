// The table of results/recipes.md: which consumers each way to strip harms, and which it does not.
// That the good recipes harm nobody is as much a part of it as that the bad ones are noticed.
#include <algorithm>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

struct Row {
  std::string recipe;
  std::vector<std::string> harmed;  // consumers that must report it
  std::vector<std::string> spared;  // consumers that must not
  std::vector<std::string> subjects = {"calls", "libonly", "memerror"};
};

// As ctest shows it.
void PrintTo(const Row& row, std::ostream* out) {
  *out << row.recipe;
}

const std::vector<std::string> everybody{"gdb",   "eu-stack",  "abidiff", "valgrind", "systemtap",
                                         "libdw", "gdbserver", "lldb",    "drgn",     "binutils",
                                         "llvm",  "pahole",    "perf",    "bpftrace", "rr"};

const Row rows[] = {
    {"conventional", {}, everybody},
    {"typedata", {}, everybody},
    {"minidebug", {}, everybody},
    {"ctf", {}, everybody, {"types@ctf"}},
    {"command:eu-strip -f {debug} -o {main} {in}", {}, everybody},
    {"types-dwarf",
     {"gdb", "eu-stack", "abidiff", "valgrind", "systemtap", "libdw", "gdbserver", "lldb", "drgn",
      "binutils", "pahole", "bpftrace"},
     {"llvm", "perf", "rr"}},
    {"kept-dwarf",
     {"gdb", "eu-stack", "abidiff", "valgrind", "systemtap", "libdw", "gdbserver", "lldb", "drgn",
      "binutils", "pahole"},
     {"llvm", "perf", "rr"}},
    {"kept-dwarf-nobits",
     {"gdb", "eu-stack", "abidiff", "valgrind", "systemtap", "libdw", "gdbserver", "lldb", "drgn",
      "binutils", "llvm", "pahole", "perf", "rr"},
     {}},
    {"leftover-strings",
     {"valgrind"},
     {"gdb", "eu-stack", "abidiff", "systemtap", "libdw", "gdbserver", "lldb", "drgn", "binutils",
      "llvm", "pahole", "perf", "bpftrace", "rr"}},
    // The DIEs are the same, but several readers see the files of types and inlined functions
    // otherwise once dwz has put them into partial units.
    {"command:dwz {debug}",
     {"gdb", "lldb", "binutils", "pahole"},
     {"eu-stack", "systemtap", "libdw", "drgn", "rr"}},
};

class RecipeTable : public testing::TestWithParam<Row> {};

TEST_P(RecipeTable, says_whom_a_recipe_harms) {
  const Row& row = GetParam();
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  std::vector<std::string> words{"check", "--recipe",  row.recipe, "--output",
                                 output,  "--timeout", "120"};
  words.insert(words.end(), row.subjects.begin(), row.subjects.end());
  splitstrip_program(words);
  const auto result = read_result_json(output);
  const auto answered = [&](const std::string& consumer) {
    const auto cells = cells_with(result, {{"consumer", consumer}});
    return std::ranges::any_of(cells, [](const auto& cell) {
      return cell.at("evidence").template get<std::uint64_t>() > 0;
    });
  };
  // A reader that crashes on what a recipe made is harmed as well: abidw does on half a DWARF.
  const auto complaints = [&](const std::string& consumer) {
    auto cells = cells_with(result, {{"consumer", consumer}, {"outcome", "regressed"}});
    for (auto& cell : cells_with(result, {{"consumer", consumer}, {"outcome", "crashed"}}))
      cells.push_back(std::move(cell));
    return cells;
  };
  for (const auto& consumer : row.harmed) {
    const bool here =
        std::ranges::any_of(cells_with(result, {{"consumer", consumer}}),
                            [](const auto& cell) { return cell.at("outcome") != "unavailable"; });
    EXPECT_TRUE(!here || !complaints(consumer).empty())
        << row.recipe << " must be reported at " << consumer;
  }
  std::size_t proven = 0;
  for (const auto& consumer : row.spared) {
    for (const auto& cell : complaints(consumer)) ADD_FAILURE() << show(cell);
    if (answered(consumer)) ++proven;
  }
  EXPECT_TRUE(row.spared.empty() || proven > 0) << "nobody answered";
}

std::string name_of(const testing::TestParamInfo<Row>& info) {
  std::string name = info.param.recipe;
  for (char& c : name)
    if (isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Recipes, RecipeTable, testing::ValuesIn(rows), name_of);

}  // namespace
}  // namespace splitstrip
