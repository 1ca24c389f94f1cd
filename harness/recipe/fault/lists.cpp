#include "recipe/fault/lists.h"

#include <optional>

#include <dwarf.h>

#include "recipe/fault/number.h"

namespace splitstrip {
namespace {

// What follows the kind, before the expression of a location.
struct Operands {
  unsigned addresses;
  unsigned numbers;  // LEB128
  bool range;
};

std::optional<Operands> operands(unsigned kind, bool locations) {
  constexpr unsigned view_pair = 9;  // DW_LLE_GNU_view_pair
  switch (kind) {                    // 1 to 4 are the same in both
    case DW_LLE_base_addressx:
      return Operands{0, 1, false};
    case DW_LLE_startx_endx:
    case DW_LLE_startx_length:
    case DW_LLE_offset_pair:
      return Operands{0, 2, true};
    default:
      break;
  }
  if (!locations) {
    switch (kind) {
      case DW_RLE_base_address:
        return Operands{1, 0, false};
      case DW_RLE_start_end:
        return Operands{2, 0, true};
      case DW_RLE_start_length:
        return Operands{1, 1, true};
      default:
        return std::nullopt;
    }
  }
  switch (kind) {
    case DW_LLE_default_location:
      return Operands{0, 0, true};
    case DW_LLE_base_address:
      return Operands{1, 0, false};
    case DW_LLE_start_end:
      return Operands{2, 0, true};
    case DW_LLE_start_length:
      return Operands{1, 1, true};
    case view_pair:
      return Operands{0, 2, false};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<ListEntry> list_entries(std::span<const std::byte> section, std::size_t at,
                                    bool locations, unsigned address_size) {
  std::vector<ListEntry> all;
  while (at < section.size()) {
    const auto expected = operands(std::to_integer<unsigned>(section[at++]), locations);
    if (!expected) return all;  // its end, too
    at += std::size_t{expected->addresses} * address_size;
    ListEntry entry;
    for (unsigned i = 0; i < expected->numbers; ++i) {
      if (at >= section.size()) return all;
      entry.end_at = at;
      entry.end_size = leb_size(section.subspan(at));
      if (entry.end_size == 0) return all;
      at += entry.end_size;
    }
    if (!expected->range) continue;
    if (locations) {
      if (at >= section.size()) return all;
      const std::size_t size = leb_size(section.subspan(at));
      const std::uint64_t length = get_uleb(section.subspan(at));
      if (size == 0 || length > section.size() - at - size) return all;
      entry.expression_at = at + size;
      entry.expression_size = length;
      at += size + length;
    }
    all.push_back(entry);
  }
  return all;
}

}  // namespace splitstrip
