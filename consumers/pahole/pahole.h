// pahole and pfunct, which lay out every structure and function. See README.md.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_pahole();

}  // namespace splitstrip
