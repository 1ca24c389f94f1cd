// The one checker of this process.
#pragma once

#include "consumers/libffi/checker.h"

namespace splitstrip::ffi {

// Made when it is asked for first, and never destroyed: calls are made until the very end.
Checker& shared_checker();

}  // namespace splitstrip::ffi
