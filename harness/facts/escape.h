// How a text is kept within one field of a tab-separated line: \t \n \r \\ for tab, newline,
// carriage return and backslash. Fact files and the facts channel of consumers are made of such
// lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace splitstrip {

void append_escaped(std::string& out, std::string_view text);

// nullopt if `field` holds a backslash that begins none of the four.
std::optional<std::string> unescape(std::string_view field);

}  // namespace splitstrip
