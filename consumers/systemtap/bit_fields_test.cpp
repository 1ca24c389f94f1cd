#include "consumers/systemtap/bit_fields.h"

#include <gtest/gtest.h>

namespace splitstrip {
namespace {

TEST(BitFields, lose_their_address_and_keep_size_shift_and_mask) {
  EXPECT_EQ(without_bit_field_addresses("f(@uderef(8, (@uregister(5)) + (8)), "
                                        "((@uderef(4, (@uregister(5)) + (15793))) >> (28)) & (7))"),
            "f(@uderef(8, (@uregister(5)) + (8)), ((@uderef(4, ?)) >> (28)) & (7))");
  EXPECT_EQ(without_bit_field_addresses("(@uderef(4, @uregister(5))) & (7)"),
            "(@uderef(4, ?)) & (7)");
  EXPECT_EQ(without_bit_field_addresses("((@uderef(4, @uregister(5))) << (49)) >> (57)"),
            "((@uderef(4, ?)) << (49)) >> (57)");
}

TEST(BitFields, in_the_translation_likewise) {
  EXPECT_EQ(without_bit_field_addresses(
                "((((int64_t)(uderef(8, (((u_fetch_register(5)) + (((int64_t)74LL)))))) >> "
                "((((int64_t)616LL)) & 63))) & (((int64_t)1LL)))"),
            "((((int64_t)(uderef(8, ?)) >> ((((int64_t)616LL)) & 63))) & (((int64_t)1LL)))");
}

TEST(BitFields, other_reads_keep_their_address) {
  for (const char* text :
       {"@uderef(4, (@uderef(8, @uregister(5))) + (4))", "uderef(4, u_fetch_register(5))",
        "((@uregister(4)) << (32)) >> (32)", "uderef(", "uderef(4, (", ""})
    EXPECT_EQ(without_bit_field_addresses(text), text);
}

}  // namespace
}  // namespace splitstrip
