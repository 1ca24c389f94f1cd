#include "consumers/debuginfo_path.h"

namespace splitstrip {

std::string debuginfo_path(const StagedPair& pair) {
  if (pair.isolated) return {};
  const std::string root = pair.debug_root.string();
  // A core file's library is the one of the stage that the core was written in: nothing beside it
  // may answer unless it is looked for there.
  const bool only_there =
      pair.found_by == FoundBy::build_id || pair.found_by == FoundBy::debuginfod;
  return only_there ? root : ":.debug:" + root;
}

}  // namespace splitstrip
