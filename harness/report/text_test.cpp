#include "report/text.h"

#include <clocale>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace splitstrip {
namespace {

using testing::ElementsAre;

TEST(Printable, nothing_that_moves_a_cursor_or_ends_a_line_is_left) {
  EXPECT_EQ(printable("a\tb\nc\rd\x1b[31m"), "a\\tb\\nc\\rd\\x1b[31m");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("gr\xc3\xbc\xc3\x9f"), "grüß");
  EXPECT_EQ(printable("gr\xc3\xbc\xc3\x9f", true), "gr\\u{fc}\\u{df}");
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\u{202e}") << "would turn the line around";
  EXPECT_EQ(printable("\xc0\x80\xed\xa0\x80"), "\\xc0\\x80\\xed\\xa0\\x80") << "no UTF-8";
}

TEST(Wrap, cuts_at_spaces_and_where_there_are_none) {
  EXPECT_THAT(wrap("one two three four", 9), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(wrap("abcdefghijklmnop", 10), ElementsAre("abcdefghij", "klmnop"));
  EXPECT_THAT(wrap("", 10), ElementsAre(""));
}

TEST(Shorten, says_that_something_is_gone) {
  EXPECT_EQ(shorten("abcdefgh", 5, true), "ab...");
  EXPECT_EQ(shorten("abcde", 5, true), "abcde");
}

TEST(Text, numbers_are_for_people) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1204331), "1,204,331");
  EXPECT_EQ(grouped(0xffff'ffff'ffff'ffffULL), "18,446,744,073,709,551,615");
  EXPECT_EQ(duration(0.25), "0.2 s");
  EXPECT_EQ(duration(59.7), "1 min 00 s");
  EXPECT_EQ(duration(185), "3 min 05 s");
  EXPECT_EQ(duration(7800), "2 h 10 min");
  EXPECT_EQ(file_size(1000), "1000 B");
  EXPECT_EQ(file_size(7168), "7.0 K");
  EXPECT_EQ(file_size(1843872), "1.8 M");
  EXPECT_EQ(plural(1, "cell"), "1 cell");
  EXPECT_EQ(plural(1000, "cell"), "1,000 cells");
}

TEST(CommandLine, can_be_typed_into_a_shell) {
  EXPECT_EQ(command_line({"abidiff", "--d1", "/usr/lib/debug", "it's", "", "a b"}),
            "abidiff --d1 /usr/lib/debug 'it'\\''s' '' 'a b'");
}

}  // namespace
}  // namespace splitstrip
