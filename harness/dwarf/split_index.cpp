#include "dwarf/split_index.h"

#include <array>

namespace splitstrip {
namespace {

// What a column is about, by its DW_SECT_* number; nullptr for what is not wanted.
SplitPart SplitRow::*column_of(std::uint32_t section, std::uint32_t version) {
  switch (section) {
    case 1:
      return &SplitRow::info;
    case 2:
      return version == 2 ? &SplitRow::types : nullptr;
    case 3:
      return &SplitRow::abbrev;
    case 6:
      return &SplitRow::str_offsets;
    case 8:
      return version == 5 ? &SplitRow::rnglists : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

std::vector<SplitRow> read_split_index(Bytes in) {
  // Version 2 takes four bytes, version 5 two, and two of padding.
  const std::uint32_t word = in.u32();
  const std::uint32_t version = word == 5 || word == 0x50000 ? 5 : word;
  const std::uint32_t columns = in.u32();
  const std::uint32_t units = in.u32();
  const std::uint32_t slots = in.u32();
  constexpr std::uint32_t kMostColumns = 16;
  if (!in.ok() || (version != 2 && version != 5) || columns == 0 || columns > kMostColumns)
    return {};
  const std::uint64_t size =
      std::uint64_t{slots} * 12 + std::uint64_t{columns} * 4 * (std::uint64_t{units} * 2 + 1);
  if (size > in.left()) return {};

  std::vector<SplitRow> rows(units);
  std::vector<bool> used(units);
  Bytes ids = in;
  in.skip(std::uint64_t{slots} * 8);
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    const std::uint64_t id = ids.u64();
    const std::uint32_t row = in.u32();  // from 1; 0 where the slot is empty
    if (row == 0 || row > units || used[row - 1]) continue;
    rows[row - 1].id = id;
    used[row - 1] = true;
  }
  std::array<SplitPart SplitRow::*, kMostColumns> wanted{};
  for (std::uint32_t i = 0; i < columns; ++i) wanted[i] = column_of(in.u32(), version);
  for (const bool sizes : {false, true}) {
    for (SplitRow& row : rows) {
      for (std::uint32_t i = 0; i < columns; ++i) {
        const std::uint32_t value = in.u32();
        if (wanted[i] == nullptr) continue;
        SplitPart& part = row.*wanted[i];
        (sizes ? part.size : part.offset) = value;
      }
    }
  }
  // A row that no slot names belongs to nobody.
  std::vector<SplitRow> named;
  for (std::uint32_t i = 0; i < units; ++i)
    if (used[i]) named.push_back(rows[i]);
  return named;
}

}  // namespace splitstrip
