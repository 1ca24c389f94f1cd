// perf: samples with their functions, lines and inlined callers; probes. See README.md.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_perf();

}  // namespace splitstrip
