// libabigail's abidw and abidiff: what a distribution's ABI gate reads out of a pair.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_abigail();

}  // namespace splitstrip
