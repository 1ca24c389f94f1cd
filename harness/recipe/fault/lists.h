// Location lists and range lists, to be changed where they lie. Source: DWARF 5, 2.6.2, 2.17.3,
// 7.28, 7.29.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace splitstrip {

struct ListEntry {
  std::size_t end_at = 0;         // of the LEB128 number that ends the range, or is its length
  std::size_t end_size = 0;       // 0 if there is no such number
  std::size_t expression_at = 0;  // of a location; 0 in a range list
  std::size_t expression_size = 0;
};

// The entries that hold a range, of the list that begins at `offset` in .debug_loclists (with
// `locations`) or .debug_rnglists. Reads any bytes; what it does not know ends the list.
std::vector<ListEntry> list_entries(std::span<const std::byte> section, std::size_t offset,
                                    bool locations, unsigned address_size);

}  // namespace splitstrip
