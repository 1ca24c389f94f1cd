// The consumer "ctypes": CPython's foreign function interface, checked by typesafe_ctypes.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_ctypes();

}  // namespace splitstrip
