// What synthetic cores cover, as the result has it.
#pragma once

#include "report/result.h"
#include "synth/stacks.h"

namespace splitstrip {

CallSitesInfo call_sites_info(const synth::Coverage& coverage);

}  // namespace splitstrip
