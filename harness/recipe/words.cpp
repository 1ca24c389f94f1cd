#include "recipe/words.h"

#include "facts/error.h"

namespace splitstrip {

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == 0 && blank) {
      in_word = false;
      continue;
    }
    if (!in_word) {
      words.emplace_back();
      in_word = true;
    }
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'') {
      if (i + 1 == line.size())
        throw Error::of("{}: ends with a backslash; write two, or quote it", line);
      const char next = line[i + 1];
      if (quote == 0 || next == '"' || next == '\\') {
        words.back() += next;
        ++i;
      } else {
        words.back() += c;
      }
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) throw Error::of("{}: a {} is not closed; write another at its end", line, quote);
  return words;
}

}  // namespace splitstrip
