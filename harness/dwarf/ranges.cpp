#include "dwarf/ranges.h"

#include <dwarf.h>

namespace splitstrip {
namespace {

// More ranges than any function has; a bound for hostile input, where all lists may be one.
constexpr std::size_t kMostRanges = 100000;

std::vector<AddressRange> old_ranges(Bytes in, const RawUnit& unit) {
  std::vector<AddressRange> ranges;
  const unsigned size = unit.sizes.address;
  const std::uint64_t highest =
      size == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1;
  std::uint64_t base = unit.low_pc;
  while (in.ok() && ranges.size() < kMostRanges) {
    const std::uint64_t begin = in.sized(size);
    const std::uint64_t end = in.sized(size);
    if (!in.ok() || (begin == 0 && end == 0)) break;
    if (begin == highest) {
      base = end;
    } else {
      ranges.push_back({base + begin, base + end});
    }
  }
  return ranges;
}

std::vector<AddressRange> new_ranges(Bytes in, const RawDwarf& dwarf, const RawUnit& unit) {
  std::vector<AddressRange> ranges;
  const unsigned size = unit.sizes.address;
  std::uint64_t base = unit.low_pc;
  auto indexed = [&](std::uint64_t index) {
    return indexed_address(dwarf, unit, index).value_or(0);
  };
  while (in.ok() && ranges.size() < kMostRanges) {
    AddressRange range;
    switch (in.u8()) {
      case DW_RLE_base_addressx:
        base = indexed(in.uleb());
        continue;
      case DW_RLE_startx_endx:
        range.begin = indexed(in.uleb());
        range.end = indexed(in.uleb());
        break;
      case DW_RLE_startx_length:
        range.begin = indexed(in.uleb());
        range.end = range.begin + in.uleb();
        break;
      case DW_RLE_offset_pair:
        range.begin = base + in.uleb();
        range.end = base + in.uleb();
        break;
      case DW_RLE_base_address:
        base = in.sized(size);
        continue;
      case DW_RLE_start_end:
        range.begin = in.sized(size);
        range.end = in.sized(size);
        break;
      case DW_RLE_start_length:
        range.begin = in.sized(size);
        range.end = range.begin + in.uleb();
        break;
      default:  // DW_RLE_end_of_list, or what nobody knows the length of
        return ranges;
    }
    if (in.ok()) ranges.push_back(range);
  }
  return ranges;
}

}  // namespace

std::vector<AddressRange> address_ranges(const RawDwarf& dwarf, const RawUnit& unit,
                                         const RawValue& value) {
  const RawFile& file = dwarf.file(unit);
  const bool is_offset =
      value.kind == RawValue::Kind::offset || value.kind == RawValue::Kind::constant;
  if (unit.version < 5) {
    if (!is_offset) return {};
    Bytes in(file.ranges, file.big_endian);
    in.seek(unit.ranges_base + value.number);
    return old_ranges(in, unit);
  }
  std::uint64_t offset = value.number;
  if (value.kind == RawValue::Kind::list_index) {
    if (offset > file.rnglists.size()) return {};
    Bytes table(file.rnglists, file.big_endian);
    table.seek(unit.rnglists_base + offset * unit.sizes.offset);
    offset = unit.rnglists_base + table.sized(unit.sizes.offset);
    if (!table.ok()) return {};
  } else if (!is_offset) {
    return {};
  }
  Bytes in(file.rnglists, file.big_endian);
  in.seek(offset);
  return new_ranges(in, dwarf, unit);
}

}  // namespace splitstrip
