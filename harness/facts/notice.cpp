#include "facts/notice.h"

#include <cstdio>

#include <fmt/format.h>

namespace splitstrip {

void notice(std::string_view line) {
  fmt::print(stderr, "splitstrip: {}\n", line);
}

}  // namespace splitstrip
