// Text for people and for XML: what consumers print may hold any byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace splitstrip {

// `text` as one line of valid UTF-8 without control characters: newline, tab and the like become
// \n, \t, \x1b; bytes that are not UTF-8 become \xff. With `ascii`, everything beyond ASCII becomes
// \u{e9}. Nothing in it can move the cursor of a terminal or end an XML document.
std::string printable(std::string_view text, bool ascii = false);

// How many columns printable text takes on a terminal: one for each character, two for the wide
// ones, none for combining ones, as the locale's wcwidth(3) has it or, in a locale without UTF-8,
// one each.
std::size_t columns(std::string_view text);

// `text` cut into lines of at most `width` columns, at spaces where there are any. Never empty.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// The first `width` columns of `text`, with "..." or "…" for what was cut.
std::string shorten(std::string_view text, std::size_t width, bool ascii);

// 1204331 as "1,204,331".
std::string grouped(std::uint64_t number);

// "0.3 s", "42 s", "3 min 05 s", "2 h 10 min".
std::string duration(double seconds);

// "7.0 K", "1.8 M": 1024-based, of bytes.
std::string file_size(std::uint64_t bytes);

// 1 and "cell" as "1 cell", 2 and "cell" as "2 cells".
std::string plural(std::uint64_t number, std::string_view noun);

// An argv as a person would type it: words that a shell would take apart stand in single quotes.
std::string command_line(const std::vector<std::string>& argv);

}  // namespace splitstrip
