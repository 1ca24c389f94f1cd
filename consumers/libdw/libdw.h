// The consumer libdw: the debug file DIE by DIE, as elfutils' library reads it.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_libdw();

}  // namespace splitstrip
