// prove.json: a proof as a file, for tests and later comparisons.
//
// {"schema": 1, "consumers": [{"name", "version"}],      those that are here
//  "faults": [{"name", "group", "what", "subject", "found_by", "state", "reason",
//              "noticed": [{"consumer", "query", "outcome", "changed", "lost"}]}]}
//
// It holds no times, so that two runs on one machine are the same bytes.
#pragma once

#include <string>

#include "prove/proof.h"

namespace splitstrip {

inline constexpr int proof_schema_version = 1;

std::string to_json(const Proof& proof);

}  // namespace splitstrip
