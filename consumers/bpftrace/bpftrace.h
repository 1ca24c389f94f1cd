// bpftrace: the functions that a uprobe can stand on, with their arguments. See README.md.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_bpftrace();

}  // namespace splitstrip
