// drgn, a debugger that is a Python library; see README.md here.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_drgn();

}  // namespace splitstrip
