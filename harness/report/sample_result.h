// A made-up result that holds everything a result can hold, for the tests of the renderers.
#pragma once

#include "report/result.h"

namespace splitstrip {

// `subjects` libraries × the five consumers; the first subjects have one outcome of each kind and
// texts that are hard to print, the others are all `same`.
Result sample_result(std::size_t subjects);

}  // namespace splitstrip
