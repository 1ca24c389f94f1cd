#include "dwarf/split_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace splitstrip {
namespace {

// A table of 32-bit words, as it lies in the section; ids are two words each.
class Words {
 public:
  Words(std::initializer_list<std::uint32_t> words) : words_(words) {}
  Bytes in() const {
    return {std::as_bytes(std::span(words_)), __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__};
  }

 private:
  std::vector<std::uint32_t> words_;
};

TEST(SplitIndex, says_which_part_belongs_to_which_unit) {
  const Words version_2{2,   3,   1,      2,     // version, columns, units, slots
                        0,   0,   0xabcd, 0x12,  // ids
                        0,   1,                  // rows, from 1
                        1,   3,   6,             // info, abbreviations, string offsets
                        100, 200, 300,           // offsets
                        10,  20,  30};           // sizes
  const auto rows = read_split_index(version_2.in());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].id, 0x120000abcdU);
  EXPECT_EQ(rows[0].info.offset, 100U);
  EXPECT_EQ(rows[0].info.size, 10U);
  EXPECT_EQ(rows[0].abbrev.offset, 200U);
  EXPECT_EQ(rows[0].str_offsets.size, 30U);
}

TEST(SplitIndex, columns_mean_what_the_version_says) {
  const Words version_5{5, 2, 1, 1, 7, 0, 1, 2, 8, 1, 2, 3, 4};
  const auto new_rows = read_split_index(version_5.in());
  ASSERT_EQ(new_rows.size(), 1U);
  EXPECT_EQ(new_rows[0].types.size, 0U);
  EXPECT_EQ(new_rows[0].rnglists.offset, 2U);
  const Words version_2{2, 2, 1, 1, 7, 0, 1, 2, 8, 1, 2, 3, 4};
  const auto old_rows = read_split_index(version_2.in());
  ASSERT_EQ(old_rows.size(), 1U);
  EXPECT_EQ(old_rows[0].types.size, 3U);
  EXPECT_EQ(old_rows[0].rnglists.size, 0U);
}

TEST(SplitIndex, of_another_version_or_beyond_its_section_is_empty) {
  for (const Words& words :
       {Words{3, 1, 1, 1, 7, 0, 1, 1, 0, 0}, Words{2, 1, 0xffffffff, 0xffffffff, 7, 0, 1, 1, 0, 0},
        Words{2, 0xffffffff, 1, 1, 7, 0, 1, 1, 0, 0}, Words{2, 0, 1, 1, 7, 0, 1}, Words{2, 1, 1},
        Words{}})
    EXPECT_THAT(read_split_index(words.in()), testing::IsEmpty());
}

TEST(SplitIndex, slots_that_name_no_row_are_passed_over) {
  const Words words{2, 1, 1, 3, 1, 0, 2, 0, 3, 0, 9, 1, 1, 1, 5, 6};
  const auto rows = read_split_index(words.in());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].id, 2U);
}

TEST(SplitIndex, a_part_outside_of_its_section_has_no_bytes) {
  const std::vector<std::byte> section(10);
  EXPECT_EQ(part_of(section, {2, 8}).size(), 8U);
  EXPECT_TRUE(part_of(section, {2, 9}).empty());
  EXPECT_TRUE(part_of(section, {11, 0}).empty());
  EXPECT_TRUE(part_of(section, {1, ~std::uint64_t{0}}).empty());
}

}  // namespace
}  // namespace splitstrip
