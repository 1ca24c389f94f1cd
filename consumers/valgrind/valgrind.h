// valgrind, which reads DWARF to name what it finds; see README.md here.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_valgrind();

}  // namespace splitstrip
