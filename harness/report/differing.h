// Where two long texts differ.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace splitstrip {

// Both texts, printable, with at most `context` characters before and after the part that differs
// where they are longer than `longest` bytes; "..." or "…" stands for what is left out. A differing
// part that is itself longer than `longest` is cut at its end.
std::pair<std::string, std::string> differing_parts(std::string_view left, std::string_view right,
                                                    std::size_t longest, std::size_t context,
                                                    bool ascii);

}  // namespace splitstrip
