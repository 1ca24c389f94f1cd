#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/binutils/entry_reader.h"
#include "consumers/binutils/line_table_reader.h"
#include "consumers/binutils/symbol_table_reader.h"
#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

template <class Reader>
std::vector<TestFact> read(std::string_view text) {
  TestSink facts;
  Reader reader("q");
  reader.read(text, facts);
  Ending ending;
  ending.how = Ending::How::exited;
  EXPECT_EQ(reader.finish(ending, facts).at(0).how, QueryEnd::How::answered);
  return facts.list;
}

TEST(LineTableReader, tells_every_row_with_its_view_and_the_file_of_its_heading) {
  EXPECT_THAT(
      read<LineTableReader>(
          "Contents of the .debug_line section (loaded from /usr/lib/debug/x.debug):\n"
          "\n"
          "././lib/addr.c:\n"
          "File name                            Line number    Starting address    View    Stmt\n"
          "addr.c                                       151              0x9040               x\n"
          "addr.c                                       157              0x9040       1\n"
          "\n"
          "/usr/include/with space.h:\n"
          "with space.h                                   7              0x9050       2       x\n"
          "././lib/addr.c:\n"
          "addr.c                                         -              0x9127               x    "
          "   END\n"),
      ElementsAre(TestFact{"q", "0x9040", "././lib/addr.c:151 statement"},
                  TestFact{"q", "0x9040/1", "././lib/addr.c:157"},
                  TestFact{"q", "0x9050/2", "/usr/include/with space.h:7 statement"},
                  TestFact{"q", "0x9127", "././lib/addr.c:- statement end"}));
}

TEST(LineTableReader, takes_no_heading_for_a_row) {
  for (const auto* text : {"", "CU: ./a.c:", "././lib/addr.c:", "x", "END", "0x10 x END",
                           "File name    Line number    Starting address    View    Stmt",
                           "  Offset:                      0x0"})
    EXPECT_EQ(parse_line_row(text), std::nullopt) << text;
}

TEST(SymbolTableReader, tells_the_debug_files_symbols_and_not_mains) {
  EXPECT_THAT(
      read<SymbolTableReader>(
          "Symbol table '.dynsym' contains 2 entries:\n"
          "   Num:    Value          Size Type    Bind   Vis      Ndx Name\n"
          "     1: 0000000000001000     4 FUNC    GLOBAL DEFAULT   12 exported\n"
          "\n"
          "In linked file '/usr/lib/debug/x.debug' symbol section '.symtab' contains 3 entries:\n"
          "   Num:    Value          Size Type    Bind   Vis      Ndx Name\n"
          "     0: 0000000000000000     0 NOTYPE  LOCAL  DEFAULT  UND \n"
          "   621: 000000000000c250   142 FUNC    LOCAL  DEFAULT   12 hidden_away\n"),
      ElementsAre(
          TestFact{"q", "hidden_away", "FUNC LOCAL DEFAULT, 142 bytes at 0xc250 in section 12"}));
}

constexpr std::string_view entries =
    "Contents of the .debug_info section (loaded from /usr/lib/debug/x.debug):\n"
    "\n"
    "  Compilation Unit @ offset 0:\n"
    "   Length:        0x2ed3 (32-bit)\n"
    "   Version:       5\n"
    " <0><c>: Abbrev Number: 62 (DW_TAG_compile_unit)\n"
    "    <d>   DW_AT_name        : (indirect line string, offset: 0x14): a.c\n"
    "    <11>   DW_AT_stmt_list   : 0x77\n"
    " <1><2e>: Abbrev Number: 16 (DW_TAG_typedef)\n"
    "    <2f>   DW_AT_name        : (indirect string, offset: 0x167d): size_t\n"
    "    <34>   DW_AT_decl_line   : 214\n"
    "    <36>   DW_AT_type        : <0x3a>\n"
    " <1><48>: Abbrev Number: 63 (DW_TAG_pointer_type)\n"
    "    <49>   DW_AT_byte_size   : 8\n"
    " <1><50>: Abbrev Number: 63 (DW_TAG_subprogram)\n"
    "    <51>   DW_AT_name        : f\n"
    " <2><54>: Abbrev Number: 2 (DW_TAG_variable)\n"
    "    <55>   DW_AT_location    : 3 byte block: 91 a0 7f \t(DW_OP_fbreg: -96)\n"
    " <2><5a>: Abbrev Number: 0\n"
    " <1><5b>: Abbrev Number: 0\n";

std::string replaced(std::string_view what, std::string_view with) {
  std::string text(entries);
  text.replace(text.find(what), what.size(), with);
  return text;
}

TEST(EntryReader, tells_what_a_unit_declares_and_defines) {
  const auto facts = read<EntryReader>(entries);
  ASSERT_THAT(facts, SizeIs(3));
  EXPECT_EQ(facts[0], (TestFact{"q", "a.c: typedef size_t", "decl_line 214; type"}));
  EXPECT_EQ(facts[1].key, "a.c: subprogram f");
  EXPECT_THAT(facts[1].value, testing::StartsWith("; 1 below, "));
  EXPECT_EQ(facts[2].key, "a.c: compile_unit");
  EXPECT_THAT(facts[2].value, testing::StartsWith("version 5; stmt_list; 1 unnamed, "));
}

TEST(EntryReader, another_place_of_an_entry_is_no_other_answer) {
  const auto facts = read<EntryReader>(entries);
  EXPECT_EQ(read<EntryReader>(replaced("<0x3a>", "<0x999>")), facts);
  EXPECT_EQ(read<EntryReader>(replaced("offset: 0x167d", "offset: 0x1")), facts);
  EXPECT_EQ(read<EntryReader>(replaced("91 a0 7f", "91 a0 00")), facts) << "the bytes as text";
}

TEST(EntryReader, another_content_is) {
  const auto facts = read<EntryReader>(entries);
  for (const auto& [what, with] :
       {std::pair{"214", "215"}, std::pair{"fbreg: -96", "fbreg: -88"},
        std::pair{"byte_size   : 8", "byte_size   : 4"}, std::pair{"size_t", "ssize_t"},
        std::pair{"DW_TAG_variable", "DW_TAG_constant"},
        std::pair{"Version:       5", "Version:       4"}})
    EXPECT_NE(read<EntryReader>(replaced(what, with)), facts) << what;
}

TEST(EntryReader, survives_what_no_readelf_prints) {
  for (const auto* text :
       {" <\n", " <1><\n", " <-5><2>: (DW_TAG_x)\n", " <99999999999><2>: (DW_TAG_x)\n",
        "    <2>   DW_AT_name        : early\n", " <2><5>: Abbrev Number: 1 (DW_TAG_x\n",
        " <1><5>: Abbrev Number: 1 (User TAG value: 0x4109)\n    <6> DW_AT_\n    <6> DW_AT_x :\n"})
    read<EntryReader>(text);
  EXPECT_THAT(read<EntryReader>(""), IsEmpty());
}

TEST(EntryReader, leaves_offsets_out_of_values) {
  EXPECT_EQ(without_offsets(" (indirect string, offset: 0x110): GNU C17"), "GNU C17");
  EXPECT_EQ(without_offsets(" (line_strp) (offset: 0): a.c"), "a.c");
  EXPECT_EQ(without_offsets(" (ref4) <0x3a>, int"), "<>, int");
  EXPECT_EQ(without_offsets(" (data1) 5\t(signed)"), "5\t(signed)");
  EXPECT_EQ(without_offsets(" (exprloc) 1 byte block: 9c \t(DW_OP_call_frame_cfa)"),
            "(DW_OP_call_frame_cfa)");
  EXPECT_EQ(without_offsets(" (sec_offset) 0x87 (location list)"), "(location list)");
  EXPECT_EQ(without_offsets(" (strp"), "(strp");
  EXPECT_EQ(without_offsets(" (strp) (offset: 0x1"), "(offset: 0x1");
  EXPECT_EQ(without_offsets(" (alt indirect string, offset: 0x7) text"), "text");
  EXPECT_EQ(without_offsets(" 0x87 (location list)"), "(location list)");
  EXPECT_EQ(without_offsets(" <alt 0x3a>"), "<>");
  EXPECT_EQ(
      without_offsets(" 9 byte block: fa 77 1 0 0 9f \t(DW_OP_GNU_parameter_ref: <0x177>; x)"),
      "(DW_OP_GNU_parameter_ref: <>; x)");
  EXPECT_EQ(without_offsets(" 8\t(unsigned char)"), "8\t(unsigned char)");
}

}  // namespace
}  // namespace splitstrip
