// binutils' addr2line and readelf, which follow a stripped library to its debug file. See
// README.md.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_binutils();

}  // namespace splitstrip
