#include "recipe/fault/unwind_table.h"

#include <algorithm>

#include <dwarf.h>

#include "recipe/fault/number.h"

namespace splitstrip {

std::vector<FrameDescription> frame_descriptions(std::span<const std::byte> eh_frame,
                                                 bool big_endian) {
  std::vector<FrameDescription> all;
  for (std::size_t at = 0; at + 8 <= eh_frame.size();) {
    const auto length = static_cast<std::size_t>(get_number(eh_frame.subspan(at, 4), big_endian));
    const std::size_t begin = at + 4;
    if (length < 4 || length > eh_frame.size() - begin) break;  // its end, 64-bit, or damage
    at = begin + length;
    constexpr std::size_t until_augmentation = 12;  // pointer to the CIE, begin, range
    if (get_number(eh_frame.subspan(begin, 4), big_endian) == 0 || length <= until_augmentation)
      continue;
    FrameDescription one;
    one.range_at = begin + 8;
    one.range = get_number(eh_frame.subspan(one.range_at, 4), big_endian);
    const std::span rest =
        eh_frame.subspan(begin + until_augmentation, length - until_augmentation);
    const std::size_t size = leb_size(rest);
    if (size == 0 || get_uleb(rest) > rest.size() - size) continue;
    one.instructions_at = begin + until_augmentation + size + get_uleb(rest);
    one.instructions_end = at;
    all.push_back(one);
  }
  return all;
}

std::vector<std::size_t> cfa_offset_operands(std::span<const std::byte> eh_frame,
                                             const FrameDescription& of) {
  std::vector<std::size_t> operands;
  for (std::size_t at = of.instructions_at; at < of.instructions_end;) {
    const auto code = std::to_integer<unsigned>(eh_frame[at++]);
    std::size_t lebs = 0;
    switch (code) {
      case DW_CFA_nop:
      case DW_CFA_remember_state:
      case DW_CFA_restore_state:
        break;
      case DW_CFA_advance_loc1:
        at += 1;
        break;
      case DW_CFA_advance_loc2:
        at += 2;
        break;
      case DW_CFA_advance_loc4:
        at += 4;
        break;
      case DW_CFA_def_cfa_offset:
        if (at < of.instructions_end && leb_size(eh_frame.subspan(at)) == 1) operands.push_back(at);
        lebs = 1;
        break;
      case DW_CFA_def_cfa_register:
      case DW_CFA_restore_extended:
      case DW_CFA_undefined:
      case DW_CFA_same_value:
        lebs = 1;
        break;
      case DW_CFA_def_cfa:
      case DW_CFA_register:
      case DW_CFA_offset_extended:
        lebs = 2;
        break;
      default:
        if ((code & 0xc0) == DW_CFA_offset)
          lebs = 1;
        else if ((code & 0xc0) == 0)
          return {};  // an expression, or one that this does not know
    }
    for (; lebs > 0 && at < of.instructions_end; --lebs) {
      const std::size_t size = leb_size(eh_frame.subspan(at));
      if (size == 0) return operands;
      at += size;
    }
  }
  return operands;
}

}  // namespace splitstrip
