// elfutils: eu-stack for backtraces, eu-addr2line for code addresses in bulk. See README.md.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_elfutils();

}  // namespace splitstrip
