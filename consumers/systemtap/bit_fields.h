// stap 4.8 reads bit-fields of DWARF 5 (DW_AT_data_bit_offset) from an address that it never set:
//
//   ((@uderef(4, (@uregister(5)) + (15793))) >> (28)) & (7)      once
//   ((@uderef(4, (@uregister(5)) + (61))) >> (28)) & (7)         another time, of the same file
//
// Size, shift and mask are right from run to run; the address is not, and is no answer.
#pragma once

#include <string>
#include <string_view>

namespace splitstrip {

// `text`, an expression of stap's language or of the C made of it, with "?" as address of every
// uderef() whose value is shifted or masked.
std::string without_bit_field_addresses(std::string_view text);

}  // namespace splitstrip
