// gdb with the driver run by gdbserver, from which it gets the libraries, too; see README.md here.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_gdbserver();

}  // namespace splitstrip
