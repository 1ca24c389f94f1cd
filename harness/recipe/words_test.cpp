#include "recipe/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Words, are_divided_by_blanks) {
  EXPECT_THAT(split_words("eu-strip -f {debug}\t-o {main}\n {in} "),
              ElementsAre("eu-strip", "-f", "{debug}", "-o", "{main}", "{in}"));
  EXPECT_THAT(split_words(" \n"), IsEmpty());
}

TEST(Words, are_kept_together_by_quotes) {
  EXPECT_THAT(split_words(R"(sh -c 'a "b" \ $c')"), ElementsAre("sh", "-c", R"(a "b" \ $c)"));
  EXPECT_THAT(split_words(R"(a"b c"'d e'f)"), ElementsAre("ab cd ef"));
  EXPECT_THAT(split_words(R"("" '')"), ElementsAre("", ""));
}

TEST(Words, a_backslash_takes_the_meaning_from_the_next_character) {
  EXPECT_THAT(split_words(R"(a\ b \" "\"\\\n" \\)"), ElementsAre("a b", "\"", R"("\\n)", "\\"));
}

TEST(Words, expand_nothing) {
  EXPECT_THAT(split_words("$HOME * ~ `x` | y;z #w"),
              ElementsAre("$HOME", "*", "~", "`x`", "|", "y;z", "#w"));
}

TEST(Words, that_do_not_end_are_refused) {
  EXPECT_THROW(split_words("sh -c 'a"), Error);
  EXPECT_THROW(split_words("a \"b"), Error);
  EXPECT_THROW(split_words("a\\"), Error);
}

}  // namespace
}  // namespace splitstrip
