// gdb, driven from Python inside it (gdb-scripts/): see README.md beside this.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_gdb();

}  // namespace splitstrip
