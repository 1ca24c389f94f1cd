#include "report/terminal.h"

#include <functional>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/differing.h"
#include "report/sample_result.h"
#include "report/text.h"

namespace splitstrip {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

const TerminalStyle plain{};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

std::string line_with(const std::string& text, const std::string& part) {
  for (const auto& line : lines(text))
    if (line.find(part) != std::string::npos) return line;
  return "(no line with " + part + ")";
}

// A result with only the cells that `keep` likes.
Result only(Result result, const std::function<bool(const CellResult&)>& keep,
            std::vector<std::string> required = {}) {
  std::erase_if(result.cells, [&](const CellResult& cell) { return !keep(cell); });
  result.summary = summarise(result.cells, std::move(required));
  return result;
}

TEST(Terminal, a_row_per_subject_and_consumer) {
  const auto text = to_terminal(sample_result(10), plain);
  EXPECT_THAT(text, HasSubstr("libnl-3.so.200     gdb            5/6"));
  EXPECT_THAT(line_with(text, "REGRESSED  types"),
              MatchesRegex(".* 7,440 +7,338 +2 +REGRESSED  types: 1 changed, 1 lost, 1 gained"));
  EXPECT_THAT(line_with(text, "live: crashed"), HasSubstr("  crashed "));
  EXPECT_THAT(line_with(text, "299 of 300"), MatchesRegex("libnl-3.so.200 .* 6.8 K +5.0 % .*"));
}

TEST(Terminal, an_unproven_query_is_noted_and_does_not_hide_what_was_proven) {
  const auto text = to_terminal(sample_result(10), plain);
  EXPECT_THAT(text, HasSubstr("same       live: unavailable\n"));
  EXPECT_THAT(text, HasSubstr("unavailable systemtap live (10 subjects): the kernel has no"));
  EXPECT_THAT(text, HasSubstr("vacuous    source-lines: vacuous"));
}

TEST(Terminal, differences_stand_in_full_with_both_sides) {
  const auto text = to_terminal(sample_result(2), plain);
  EXPECT_THAT(text,
              HasSubstr("  struct point\n"
                        "    reference  struct, 16 bytes: x int @0, y int @4, tag char[8] @8\n"
                        "    candidate  struct, 16 bytes: x int @0, y long @4, tag char[8] "
                        "@8\n"));
  EXPECT_THAT(text, HasSubstr("    reference  (none)\n    candidate  int\n"));
}

TEST(Terminal, plain_is_ascii_without_escapes) {
  for (const char byte : to_terminal(sample_result(3), plain))
    EXPECT_TRUE(byte == '\n' || (byte >= 0x20 && byte < 0x7f)) << static_cast<int>(byte);
}

TEST(Terminal, colour_only_where_asked) {
  const auto text = to_terminal(sample_result(3), {true, true, true, 120});
  EXPECT_THAT(text, HasSubstr("\x1b[1;31mREGRESSED\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("grüße"));
}

TEST(Terminal, no_line_is_wider_than_the_terminal) {
  for (const std::size_t width : {80U, 90U, 100U, 132U})
    for (const auto& line : lines(to_terminal(sample_result(3), {true, false, false, width})))
      EXPECT_LE(columns(line), width) << line;
}

TEST(Terminal, recipes_have_a_column_when_there_are_several) {
  auto result = sample_result(1);
  auto again = result.cells;
  for (auto& cell : again) cell.recipe = "types-dwarf";
  result.cells.insert(result.cells.end(), again.begin(), again.end());
  const auto text = to_terminal(result, plain);
  EXPECT_THAT(line_with(text, "typedata     gdb"), HasSubstr("libnl-3.so.200  typedata"));
  EXPECT_THAT(line_with(text, "types-dwarf  gdb"), MatchesRegex(" +types-dwarf  gdb .*"));
  EXPECT_THAT(text, HasSubstr("libnl-3.so.200 types-dwarf gdb types: 1 changed"));
}

TEST(Terminal, ways_to_the_debug_file_have_a_column_when_there_is_another_than_the_usual) {
  auto result = sample_result(1);
  auto again = result.cells;
  for (auto& cell : again) cell.found_by = "debuginfod";
  result.cells.insert(result.cells.end(), again.begin(), again.end());
  const auto text = to_terminal(result, plain);
  EXPECT_THAT(line_with(text, "build-id    gdb"), HasSubstr("libnl-3.so.200  build-id"));
  EXPECT_THAT(line_with(text, "debuginfod  gdb"), MatchesRegex(" +debuginfod  gdb .*"));
  EXPECT_THAT(text, HasSubstr("libnl-3.so.200 debuginfod gdb types: 1 changed"));
}

TEST(Terminal, many_differences_are_cut_and_counted) {
  auto result = sample_result(1);
  result.cells[0].changed = 5'000;
  result.cells[0].lost = result.cells[0].gained = 0;
  result.cells[0].differences.assign(100, {"some key", "one", "two"});
  const auto text = to_terminal(result, plain);
  EXPECT_THAT(text, HasSubstr("and 4,995 more, all facts in facts/libnl"));
  EXPECT_THAT(text, HasSubstr("gdb types: 5,000 changed\n"));
}

TEST(Terminal, what_did_not_repeat_stands_with_both_answers) {
  const auto text = to_terminal(sample_result(3), plain);
  EXPECT_THAT(text, HasSubstr("Answered otherwise when asked again\n"
                              "libdb-5.3.so gdb scopes: unstable: 2 facts were told otherwise"));
  EXPECT_THAT(text, HasSubstr("  struct point (the reference)\n"
                              "    first   16 bytes\n"
                              "    second  (none)\n"));
  EXPECT_THAT(text, HasSubstr("1 unstable"));
}

TEST(Terminal, who_cannot_read_the_conventional_pair_is_named_with_the_command) {
  auto result = sample_result(1);
  auto& cell = result.cells[0];
  cell.outcome = Outcome::unavailable;
  cell.reason = "cannot read the conventional pair: killed by SIGSEGV";
  cell.output_file = "facts/x.stderr";
  EXPECT_THAT(
      to_terminal(result, plain),
      HasSubstr("unavailable gdb types (libnl-3.so.200): cannot read the conventional pair: "
                "killed by SIGSEGV\n            command: gdb --batch "
                "/lib/libnl-3.so.200\n            output: facts/x.stderr\n"));
}

TEST(Verdict, names_what_is_unstable_and_what_was_left_out) {
  auto result = only(sample_result(3), [](const CellResult& cell) {
    return cell.query == "scopes" || cell.query == "lines";
  });
  result.summary.left_out = {"lldb", "drgn/types"};
  EXPECT_THAT(verdict_line(result),
              MatchesRegex("same: 5 cells, .*, nothing changed or lost; 1 unstable \\(libdb-5.3.so "
                           "gdb scopes\\); without lldb, drgn/types"));
  result.summary = summarise(result.cells, {"gdb"});
  EXPECT_THAT(verdict_line(result),
              MatchesRegex("FAILED: 1 of 6 cells \\(libdb-5.3.so gdb scopes: unstable\\); .*"));
}

TEST(Verdict, same_says_what_was_proven) {
  const auto good = only(sample_result(9), [](const CellResult& cell) {
    return standing(cell.outcome) == Standing::passed && cell.outcome != Outcome::gained;
  });
  EXPECT_THAT(verdict_line(good),
              MatchesRegex("same: 11[0-9] cells, [0-9,]+ facts of evidence, nothing changed or "
                           "lost"));
  const auto weak = only(sample_result(1),
                         [](const CellResult& cell) { return cell.outcome != Outcome::regressed; });
  EXPECT_THAT(verdict_line(weak), HasSubstr("nothing changed or lost; 1 cell proved nothing"));
}

TEST(Verdict, regressed_failed_missing_and_vacuous_name_their_cells) {
  EXPECT_EQ(verdict_line(sample_result(1)),
            "REGRESSED: 1 of 14 cells: 1 fact changed, 1 lost (libnl-3.so.200 gdb types)");
  const auto failed = only(
      sample_result(3), [](const CellResult& cell) { return cell.outcome != Outcome::regressed; });
  EXPECT_THAT(verdict_line(failed),
              MatchesRegex("FAILED: 3 of 41 cells \\(libc.so.6 gdb live: crashed, libdb-5.3.so "
                           "eu-stack call-sites: error, libdb-5.3.so abidiff abi-document: "
                           "timeout\\); the others: 33 cells, .*"));
  const auto unproven = [](const CellResult& cell) {
    return standing(cell.outcome) == Standing::unproven;
  };
  EXPECT_EQ(verdict_line(only(sample_result(1), unproven)),
            "VACUOUS: 1 cell, none of which could have failed");
  EXPECT_EQ(verdict_line(only(sample_result(1), unproven, {"systemtap", "lldb"})),
            "MISSING: required: systemtap, lldb; 1 cell proved nothing (libnl-3.so.200 systemtap "
            "live: unavailable); lldb was not asked anything");
  EXPECT_EQ(verdict_line(Result{}), "FAILED: there was nothing to ask");
}

TEST(Differing, long_texts_show_the_part_that_differs) {
  const std::string left = std::string(500, 'a') + "int" + std::string(500, 'b');
  const std::string right = std::string(500, 'a') + "long" + std::string(500, 'b');
  const auto [one, two] = differing_parts(left, right, 100, 5, true);
  EXPECT_EQ(one, "...aaaaaintbbbbb...");
  EXPECT_EQ(two, "...aaaaalongbbbbb...");
  EXPECT_EQ(differing_parts("int", "long", 100, 5, true),
            std::pair(std::string("int"), std::string("long")));
  const auto cut = differing_parts(std::string(500, 'x'), "", 100, 5, true).first;
  EXPECT_EQ(cut, std::string(100, 'x') + "...");
}

TEST(Differing, no_character_is_cut_in_two) {
  std::string left;
  for (int i = 0; i < 100; ++i) left += "ü";
  const auto [one, two] = differing_parts(left + "x" + left, left + "y" + left, 50, 5, false);
  EXPECT_EQ(printable(one).find("\\x"), std::string::npos) << one;
  EXPECT_THAT(two, Not(HasSubstr("x")));
}

}  // namespace
}  // namespace splitstrip
