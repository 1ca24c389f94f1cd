// The list of all consumers, in the order in which reports show them.
#pragma once

#include <memory>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

std::vector<std::unique_ptr<Consumer>> all_consumers();

}  // namespace splitstrip
