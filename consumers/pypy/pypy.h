// The consumer "pypy": PyPy's ctypes, asked the same as CPython's.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_pypy();

}  // namespace splitstrip
