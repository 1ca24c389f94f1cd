// lldb, driven through its Python API by scripts/; see README.md here.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_lldb();

}  // namespace splitstrip
