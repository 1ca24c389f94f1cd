#include "consumers/abigail/ada_ranges.h"

#include <dwarf.h>

#include "dwarf/debug_info.h"
#include "dwarf/language.h"
#include "facts/error.h"

namespace splitstrip {

bool has_ada_ranges(const std::filesystem::path& file) {
  try {
    const DebugInfo info = DebugInfo::open(file);
    for (const Unit& unit : info.units()) {
      const auto language = unit.die().unsigned_value(DW_AT_language);
      if (!language || language_family(*language) != DW_LANG_Ada83) continue;
      for (const Die& die : unit.die().children()) {
        if (die.tag() == DW_TAG_subrange_type) return true;
      }
    }
  } catch (const Error&) {
    return false;
  }
  return false;
}

}  // namespace splitstrip
