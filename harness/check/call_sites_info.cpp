#include "check/call_sites_info.h"

namespace splitstrip {

CallSitesInfo call_sites_info(const synth::Coverage& coverage) {
  CallSitesInfo info;
  info.calls = coverage.calls;
  info.covered = coverage.covered;
  info.changes = coverage.changes;
  info.tops = coverage.tops;
  for (std::size_t i = 0; i < coverage.outermost.size(); ++i)
    if (coverage.outermost[i] != 0)
      info.outermost.emplace(to_string(static_cast<synth::Obstacle>(i)), coverage.outermost[i]);
  return info;
}

}  // namespace splitstrip
