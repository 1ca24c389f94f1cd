// How a query ended that readelf was asked.
#pragma once

#include <string>

#include "consumers/consumer.h"

namespace splitstrip {

// readelf ends with 0 or 1, whatever it found; its warnings are no verdict.
QueryEnd readelf_end(const std::string& query, const Ending& ending);

}  // namespace splitstrip
