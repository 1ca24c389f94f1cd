// The machines, one function each; see architecture.h.
#pragma once

#include "synth/architecture.h"

namespace splitstrip::synth {

const Architecture& x86_64();
const Architecture& aarch64();

}  // namespace splitstrip::synth
