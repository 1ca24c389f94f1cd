// What DW_AT_producer tells beside the compiler's name.
#pragma once

#include <optional>
#include <string_view>

namespace splitstrip {

// The level of debug information that was asked for, where the producer records its options as GCC
// does: of "GNU C17 12.2.0 -g -O2 -g1" it is 1, which means no types.
std::optional<int> debug_level(std::string_view producer);

bool made_by_clang(std::string_view producer);

}  // namespace splitstrip
