// llvm-symbolizer and llvm-dwarfdump: a DWARF reader of its own. See README.md.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_llvm();

}  // namespace splitstrip
