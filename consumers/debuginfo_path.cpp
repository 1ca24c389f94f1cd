#include "consumers/debuginfo_path.h"

namespace splitstrip {

std::string debuginfo_path(const StagedPair& pair) {
  if (pair.isolated) return {};
  const std::string root = pair.debug_root.string();
  return pair.found_by == FoundBy::build_id ? root : ":.debug:" + root;
}

}  // namespace splitstrip
