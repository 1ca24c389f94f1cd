#include "dwarf/locations.h"

#include <dwarf.h>

namespace splitstrip {
namespace {

// Whoever asks wants to know what a place is like, which the first ones tell.
constexpr std::size_t kMostExpressions = 16;

// Numbers of views before an entry, GCC's extension: DW_LLE_GNU_view_pair in a DWARF 5 list.
constexpr std::uint8_t kViewPair = 0x09;

std::vector<ByteSpan> old_list(Bytes in, const RawUnit& unit) {
  std::vector<ByteSpan> expressions;
  const unsigned size = unit.sizes.address;
  const std::uint64_t highest =
      size == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1;
  while (in.ok() && expressions.size() < kMostExpressions) {
    const std::uint64_t begin = in.sized(size);
    const std::uint64_t end = in.sized(size);
    if (!in.ok() || (begin == 0 && end == 0)) break;
    if (begin == highest) continue;  // a base address
    const ByteSpan expression = in.block(in.u16());
    if (in.ok()) expressions.push_back(expression);
  }
  return expressions;
}

std::vector<ByteSpan> new_list(Bytes in, const RawUnit& unit) {
  std::vector<ByteSpan> expressions;
  while (in.ok() && expressions.size() < kMostExpressions) {
    switch (in.u8()) {
      case DW_LLE_base_addressx:
        in.uleb();
        continue;
      case DW_LLE_base_address:
        in.skip(unit.sizes.address);
        continue;
      case kViewPair:
        in.uleb();
        in.uleb();
        continue;
      case DW_LLE_startx_endx:
      case DW_LLE_startx_length:
      case DW_LLE_offset_pair:
        in.uleb();
        in.uleb();
        break;
      case DW_LLE_start_end:
        in.skip(2 * std::uint64_t{unit.sizes.address});
        break;
      case DW_LLE_start_length:
        in.skip(unit.sizes.address);
        in.uleb();
        break;
      case DW_LLE_default_location:
        break;
      default:  // DW_LLE_end_of_list, or what nobody knows the length of
        return expressions;
    }
    const ByteSpan expression = in.block(in.uleb());
    if (in.ok()) expressions.push_back(expression);
  }
  return expressions;
}

}  // namespace

std::vector<ByteSpan> location_expressions(const RawDwarf& dwarf, const RawUnit& unit,
                                           const RawValue& value) {
  if (value.kind == RawValue::Kind::block) return {value.block};
  const RawFile& file = dwarf.file(unit);
  std::uint64_t offset = value.number;
  if (value.kind == RawValue::Kind::list_index) {
    if (offset > file.loclists.size()) return {};
    Bytes table(file.loclists, file.big_endian);
    table.seek(unit.loclists_base + offset * unit.sizes.offset);
    offset = unit.loclists_base + table.sized(unit.sizes.offset);
    if (!table.ok()) return {};
  } else if (value.kind != RawValue::Kind::offset && value.kind != RawValue::Kind::constant) {
    return {};
  }
  Bytes in(unit.version < 5 ? file.loc : file.loclists, file.big_endian);
  in.seek(offset);
  return unit.version < 5 ? old_list(in, unit) : new_list(in, unit);
}

}  // namespace splitstrip
