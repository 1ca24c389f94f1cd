// One bind mount of a stage.
#pragma once

#include <filesystem>

namespace splitstrip {

// `source` shows at `target`, which exists and is of the same kind, for one command only.
struct Mount {
  std::filesystem::path source;
  std::filesystem::path target;
  bool read_only = true;
};

}  // namespace splitstrip
