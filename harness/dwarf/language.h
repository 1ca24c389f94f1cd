// What a unit's DW_AT_language says (DWARF 5, 7.12).
#pragma once

#include <cstdint>

#include <dwarf.h>

namespace splitstrip {

// Whether it is C: the one language in which a function may have no prototype (DW_AT_prototyped,
// 3.3.1), and which passes no record by its address.
constexpr bool is_c(std::uint64_t language) {
  switch (language) {
    case DW_LANG_C:
    case DW_LANG_C89:
    case DW_LANG_C99:
    case DW_LANG_C11:
    case 0x2c:  // DW_LANG_C17
      return true;
    default:
      return false;
  }
}

}  // namespace splitstrip
