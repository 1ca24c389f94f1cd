#include "typedata/producer.h"

namespace splitstrip {

std::optional<int> debug_level(std::string_view producer) {
  std::optional<int> level;
  while (!producer.empty()) {
    std::string_view option = producer.substr(0, producer.find(' '));
    producer.remove_prefix(option.size() < producer.size() ? option.size() + 1 : option.size());
    if (!option.starts_with("-g")) continue;
    option.remove_prefix(2);
    for (const std::string_view kind : {"gdb", "dwarf", "stabs"}) {
      if (option.starts_with(kind)) option.remove_prefix(kind.size());
    }
    if (option.empty() || option.starts_with('-')) {
      // -g, -ggdb, -gdwarf-5: the usual level, unless another one was asked for.
      if (!level) level = 2;
    } else if (option.size() == 1 && option[0] >= '0' && option[0] <= '3') {
      level = option[0] - '0';
    }
  }
  return level;
}

bool made_by_clang(std::string_view producer) {
  return producer.find("clang") != std::string_view::npos ||
         producer.find("LLVM") != std::string_view::npos;
}

}  // namespace splitstrip
