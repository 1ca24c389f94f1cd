// Text for a caller in C.
#pragma once

#include <cstddef>
#include <string_view>

namespace splitstrip::ffi {

// Copies as much as there is room for, and ends it. Room of 0 is none.
inline void hand_out(std::string_view text, char* words, std::size_t size) {
  if (size == 0) return;
  words[text.copy(words, size - 1)] = '\0';
}

}  // namespace splitstrip::ffi
