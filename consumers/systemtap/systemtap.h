// SystemTap's translator, which reads DWARF to place probes and to read what they ask for; see
// README.md here.
#pragma once

#include <memory>

#include "consumers/consumer.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_systemtap();

}  // namespace splitstrip
