// Splits a command line into words, as a shell would, but without a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace splitstrip {

// Blanks divide words. 'Single quotes' keep everything, "double quotes" and a backslash all but the
// backslash that stands before a quote, a backslash or (outside of quotes) any character; an empty
// pair of quotes is an empty word. Nothing is expanded: no variables, no patterns, no pipes. Throws
// Error if a quote is not closed or the line ends with a backslash.
std::vector<std::string> split_words(std::string_view line);

}  // namespace splitstrip
