// rr: the source files of a library, by its DWARF. See README.md.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_rr();

}  // namespace splitstrip
